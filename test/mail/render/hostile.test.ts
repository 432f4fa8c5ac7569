import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/lib/errors.ts';
import { readHtml } from '../../../src/mail/render/faults.ts';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import { aDigest, aMasthead, anEdition, aPaper } from '../../support/builders.ts';

const renderer = createRenderer({ templates: 'templates' });
const words = [
  '{{x}}',
  '{{{x}}}',
  '{{#each picks}}',
  '\\{{x}}',
  '<mj-include path="/etc/passwd"/>',
  '</mj-text></mj-column>',
  '<mj-raw>',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'Foo & Bar <b>',
  '&lt;b&gt; &amp;amp; &#x3c;',
  '[[x]]',
  '-->',
  '<!--[if mso]>',
  '<!-- htmlmin:ignore -->',
  ']]>',
  '<![CDATA[',
  '"\'`=',
  '$& $1 $` $$',
  '%7B%7B <%= x %>',
  'style="color:{{x}}"',
];

/** A paper that says `text` wherever it says something. */
const saying = (text: string) =>
  anEdition(
    aDigest({
      curator: text,
      papers: [
        aPaper({ title: text, abstract: text, authors: [text], url: 'https://example.org/1' }),
        aPaper({ title: `${text} 2`, url: 'https://example.org/2' }),
      ],
    }),
    { intro: text },
  );

async function expectText(text: string): Promise<void> {
  const masthead = aMasthead({ name: text, postalAddress: text });
  const { html, text: plain, subject } = await renderer.renderEdition(saying(text), masthead);
  const { links, faults } = readHtml(html);
  const shown = text.replace(/\s+/g, ' ').trim();
  expect(faults).toEqual([]);
  expect(links).toContainEqual({ href: 'https://example.org/1', text: shown });
  expect(plain).toContain(shown);
  expect(subject).toContain(shown);
  expect(html).not.toMatch(/<(?:script|img|mj-|b>)/i);
}

describe('what a paper says', () => {
  it.each(words)('is text: %s', expectText);

  it('is text however it is put together', async () => {
    const texts = fc.array(fc.constantFrom(...words, 'a', ' '), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(texts, async texts => {
        const title = `T${texts.join('')}`.slice(0, 60).trim();
        const { html } = await renderer.renderEdition(saying(title), aMasthead());
        expect(readHtml(html).faults).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('brings no line end, control character or turned direction into the subject', async () => {
    const edition = { ...saying('x'), subject: 'One\r\nBcc: a@example.org\u0007\u202eTwo' };
    const { subject, html } = await renderer.renderEdition(edition, aMasthead());
    expect(subject).toBe('One Bcc: a@example.org Two');
    expect(html).toContain('<title>One Bcc: a@example.org Two</title>');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'mailto:a@example.org', '/relative', ''])(
    'is no link with the address “%s”',
    async url => {
      const edition = anEdition(aDigest({ papers: [aPaper({ url })] }));
      const rendered = renderer.renderEdition(edition, aMasthead());
      await expect(rendered).rejects.toThrow(InputError);
      await expect(rendered).rejects.toThrow('no http(s) address');
    },
  );

  it('cannot leave the attribute of its link', async () => {
    const url = 'https://example.org/?a="><script>&b=\'`{{x}}';
    const { html, text } = await renderer.renderEdition(
      anEdition(aDigest({ papers: [aPaper({ url })] })),
      aMasthead(),
    );
    const encoded = new URL(url).href.replaceAll("'", '%27');
    expect(readHtml(html).links[0]?.href).toBe(encoded);
    expect(text).toContain(`    ${encoded}\n`);
  });
});
