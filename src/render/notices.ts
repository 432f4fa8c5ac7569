import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { faultOfLinks } from './check.ts';
import { convert } from './convert.ts';
import { readHtml } from './read-html.ts';
import type { Masthead } from './rendered.ts';
import { TemplateError } from './template-error.ts';
import type { Template } from './templates.ts';

/** What a mail to one person is for, and where its link leads below the site. */
const places = {
  confirm: 'confirm',
  welcome: 'preferences',
  already: 'preferences',
  manage: 'manage',
  change: 'change',
} as const;

export type NoticePurpose = keyof typeof places;

/**
 * A mail to one person that is no edition, the same for everybody but for the token in its link:
 * `mark` stands for it, and is as long, 42 ASCII characters. Nothing in it was typed by a visitor.
 */
export type RenderedNotice = {
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
  readonly text: string;
  readonly mark: string;
};

/** The words of a notice, before and after its one link. */
type Words = {
  readonly subject: string;
  readonly preheader: string;
  readonly before: readonly string[];
  readonly action: string;
  readonly after: readonly string[];
};

const htmlFile = 'mail/notice.mjml.hbs';
const textFile = 'mail/notice.txt.hbs';

/** The notice for `purpose`, with the templates of `folder`. Throws a TemplateError. */
export async function renderNotice(
  folder: string,
  template: (file: string) => Template,
  purpose: NoticePurpose,
  { name, postalAddress, links }: Masthead,
): Promise<RenderedNotice> {
  if (links.style !== 'web') throw new Error('a notice needs a site that its link leads to');
  const { base } = links;
  const host = new URL(base).host;
  const wordsFile = `mail/${purpose}.txt.hbs`;
  const words = readWords(join(folder, wordsFile), template(wordsFile)({ name, host }));

  const mark = markFor([purpose, name, postalAddress, base]);
  const href = `${base}/${places[purpose]}/${mark}`;
  const view = { ...words, name, host, postalAddress, home: `${base}/`, href };
  const source = template(htmlFile)(view);
  const html = await convert(folder, htmlFile, source, view);
  const fault = faultOfLinks(readHtml(html), source);
  if (fault) throw new TemplateError({ file: join(folder, htmlFile) }, fault);
  const text = template(textFile)(view);
  const { subject, preheader } = words;
  return { subject, preheader, html, text, mark };
}

/**
 * Reads what a template of words was filled in to: `Subject:` and `Preheader:`, then paragraphs,
 * of which the one that begins with `>` is the link.
 */
function readWords(file: string, text: string): Words {
  const [head = '', ...paragraphs] = text
    .trim()
    .split(/\n\s*\n/)
    .map(paragraph => paragraph.trim());
  const subject = /^Subject: (.+)$/m.exec(head)?.[1];
  const preheader = /^Preheader: (.+)$/m.exec(head)?.[1];
  const at = paragraphs.findIndex(paragraph => paragraph.startsWith('>'));
  const action = paragraphs[at]?.slice(1).trim();
  if (!subject || !preheader || !action) {
    const wanted = '“Subject: …”, “Preheader: …”, and a paragraph “> …” that is the link';
    throw new TemplateError({ file }, `needs ${wanted}`);
  }
  return {
    subject,
    preheader,
    before: paragraphs.slice(0, at),
    action,
    after: paragraphs.slice(at + 1),
  };
}

/** A mark that carries a hash of all else in the mail, so that nothing else can be it. */
function markFor(content: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `token-${hash.slice(0, 36)}`;
}
