import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/lib/errors.ts';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import { aDigest, aMasthead, anEdition, papers } from '../../support/builders.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperround-'));
  cpSync('templates', folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const htmlFile = 'edition/edition.mjml.hbs';
const textFile = 'edition/edition.txt.hbs';
const pickFile = 'partials/pick.mjml.hbs';
const pdfUrl = 'https://example.org/a.pdf';
const edition = anEdition(aDigest({ papers: papers(12, { pdfUrl }) }));

/** Puts `wrong` in the place of the first `right` in `file`; gives the number of its line. */
function spoil(file: string, right: string, wrong: string): number {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  expect(source).toContain(right);
  writeFileSync(
    path,
    source.replace(right, () => wrong),
  );
  return source.slice(0, source.indexOf(right)).split('\n').length;
}

async function fault(): Promise<string> {
  const rendered = createRenderer({ templates: folder }).renderEdition(edition, aMasthead());
  const error = await rendered.then(
    () => null,
    error => error,
  );
  expect(error).toBeInstanceOf(InputError);
  return error.message;
}

describe('a fault in a template', () => {
  it('is named with the line where a block opens that is not closed', async () => {
    const line = spoil(htmlFile, '{{/each}}', '{{/eech}}') - 2;
    expect(await fault()).toBe(`${join(folder, htmlFile)}:${line}: each doesn't match eech`);
  });

  it('is named with its line where a mustache is left open', async () => {
    const line = spoil(textFile, '{{date}}', '{{date');
    expect(await fault()).toMatch(new RegExp(`edition.txt.hbs:${line}: cannot be read: `));
  });

  it.each([
    [htmlFile, '{{tagline}}', '{{tagLine}}', 'there is no “tagLine” here'],
    [textFile, '{{date}}', '{{dote}}', 'there is no “dote” here'],
    [pickFile, '{{label}}', '{{labl}}', 'there is no “labl” here'],
    [pickFile, '{{#if summary}}', '{{#if sumary}}', 'there is no “sumary” here'],
    [pickFile, '{{summary}}', '{{link summary}}', 'link'],
    [pickFile, '{{url href}}', '{{url title}}', 'no http(s) address'],
  ])('is named with its line for a wrong name in %s: %s', async (file, right, wrong, what) => {
    const line = spoil(file, right, wrong);
    const message = await fault();
    expect(message).toContain(`${join(folder, file)}:${line}: `);
    expect(message).toContain(what);
  });

  it.each([
    ['<mj-divider css-class="rule" border-width="2px"', '<mj-dividr css-class="rule"'],
    ['<mj-section padding="36px', '<mj-section paddin="36px'],
    [
      '<mj-divider css-class="rule" border-style',
      '<mj-text><p>x</p></mj-text><mj-section /><mj-divider border-style',
    ],
  ])('is named with the line of the template where MJML finds it: %s', async (right, wrong) => {
    const line = spoil(htmlFile, right, wrong);
    expect(await fault()).toMatch(`${join(folder, htmlFile)}:${line}: <mj-`);
  });

  it('is found where MJML accepts it but loses a pick', async () => {
    spoil(htmlFile, '{{#each picks}}', '{{#each also}}<p>{{title}}</p>{{/each}}{{#each intro}}');
    expect(await fault()).toBe(`${join(folder, htmlFile)}: the HTML has no link to “Paper 1”`);
  });

  it('is found where a tag of a paragraph is not closed', async () => {
    spoil(pickFile, '</h2>', '');
    expect(await fault()).toContain('the HTML is not well nested');
  });

  it('is found where the text part has no way to leave', async () => {
    spoil('partials/mail-footer.txt.hbs', '{{unsubscribeUrl}}', '');
    expect(await fault()).toContain('edition.txt.hbs: the text has no line that ends in the link');
  });

  it('is a missing file, by name', async () => {
    rmSync(join(folder, textFile));
    expect(await fault()).toBe(`${join(folder, textFile)}: there is no such file`);
  });

  it('is a missing partial, by name', async () => {
    rmSync(join(folder, pickFile));
    expect(await fault()).toContain('partials/pick.mjml');
  });

  it('is a missing folder, by name', () => {
    const templates = join(folder, 'nowhere');
    expect(() => createRenderer({ templates })).toThrow(`${templates}: cannot be read`);
  });

  it('never makes MJML read a file that it includes', async () => {
    const secret = join(folder, 'secret.html');
    writeFileSync(secret, 'not for readers');
    for (const path of [secret, './templates/secret.html']) {
      const include = `<mj-include path="${path}" type="html" />`;
      spoil(htmlFile, '<mj-section padding', `${include}<mj-section padding`);
    }
    const { html } = await createRenderer({ templates: folder }).renderEdition(
      edition,
      aMasthead(),
    );
    expect(html).not.toContain('not for readers');
  });
});
