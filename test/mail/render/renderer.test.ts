import { describe, expect, it } from 'vitest';
import { readHtml } from '../../../src/mail/render/faults.ts';
import { fillSlots } from '../../../src/mail/render/rendered.ts';
import { createRenderer, type RenderOptions } from '../../../src/mail/render/renderer.ts';
import { aDigest, aMasthead, anEdition, aPaper, papers } from '../../support/builders.ts';

const renderer = createRenderer({ templates: 'templates' });
const render = (edition = anEdition(), masthead = aMasthead(), options: RenderOptions = {}) =>
  renderer.renderEdition(edition, masthead, options);
const hrefs = (html: string) => readHtml(html).links.map(({ href }) => href);

describe('renderEdition', () => {
  it('shows and links every pick and every other title in both parts', async () => {
    const edition = anEdition(aDigest({ papers: papers(53) }));
    const { html, text, picks, trimmed } = await render(edition);
    for (const { title, url } of [...edition.picks.map(({ paper }) => paper), ...edition.also]) {
      expect(readHtml(html).links).toContainEqual({ href: url, text: title });
      expect(text).toMatch(new RegExp(`\\d\\. ${title}\\n[\\s\\S]*? {4}${url}\\n`));
    }
    expect([picks, trimmed]).toEqual([10, []]);
  });

  it('links to PDF and code where they are known', async () => {
    const pdfUrl = 'https://example.org/a.pdf';
    const codeUrl = 'https://example.org/code?a=1&b=2';
    const { html, text } = await render(
      anEdition(aDigest({ papers: [aPaper({ pdfUrl, codeUrl })] })),
    );
    expect(readHtml(html).links).toContainEqual({ href: pdfUrl, text: 'PDF' });
    expect(readHtml(html).links).toContainEqual({ href: codeUrl, text: 'Code' });
    expect(html).not.toContain('&#x3D;');
    expect(text).toContain(`    PDF   ${pdfUrl}\n    Code  ${codeUrl}\n`);
  });

  it.each([
    [{ upvotes: 1234, authors: ['A', 'B', 'C', 'D'], authorCount: null }, '▲ 1,234 · A, B, C +1'],
    [{ upvotes: 0, authors: ['A'], authorCount: 9 }, '▲ 0 · A +8'],
    [{ upvotes: null, authors: ['A', 'B', 'C'], authorCount: 3 }, 'A, B, C'],
    [{ upvotes: null, authors: [], authorCount: 1 }, '1 author'],
  ])('says of %o no more than is known', async (values, line) => {
    const { html, text } = await render(anEdition(aDigest({ papers: [aPaper(values)] })));
    expect(text).toContain(`\n    ${line}\n`);
    expect(html).toContain(`>${line}</p>`);
  });

  it('has no empty paragraph and no stray separator where nothing is known', async () => {
    const { html, text } = await render(
      anEdition(aDigest({ papers: [aPaper({ abstract: '' })] }), { subject: 'S' }),
    );
    expect(html).not.toMatch(/<p style=[^>]*>\s*<\/p>/);
    expect(html).not.toMatch(/·\s*<\/p>|<p[^>]*>\s*·/);
    expect(text).toContain(' 1. A Paper\n\n    https://papers.example.org/a-paper\n');
  });

  it.each([
    [1, 1, null, '1 paper'],
    [3, 3, null, '3 papers'],
    [3, 53, 'Somebody', '3 of 53 papers · picked by Somebody'],
  ])('says how many papers of how many', async (shown, total, curator, line) => {
    const edition = anEdition(aDigest({ papers: papers(shown) }), { total, curator });
    const { html, text } = await render(edition);
    expect(html).toContain(`>${line}<`);
    expect(text).toContain(`\n${line}\n`);
  });

  it('makes a paragraph of each line of the intro', async () => {
    const { html } = await render(anEdition(aDigest(), { intro: 'One & two.\n\nThree.' }));
    expect(html).toMatch(/>One &amp; two\.<\/p>\s*<p[^>]*>Three\.<\/p>/);
  });

  it('has links in the intro that look like all others', async () => {
    const { html } = await render(anEdition(aDigest(), { intro: '[Here](https://a.test/?b=1&c)' }));
    expect(html).toContain(
      '<a href="https://a.test/?b=1&amp;c" style="color:#9a3412" class="link">Here</a>',
    );
  });

  it('keeps the text part within 72 columns but for addresses', async () => {
    const title = `${'Wide 大きな言語モデル 🤖 '.repeat(8)}end`;
    const { text } = await render(anEdition(aDigest({ papers: [aPaper({ title })] })));
    const wide = text.split('\n').filter(line => !line.includes('https://'));
    const columns = (line: string) => line.replace(/[大きな言語モデル🤖]/gu, '__').length;
    expect(Math.max(...wide.map(columns))).toBeLessThanOrEqual(72);
  });

  it('is the same every time', async () => {
    expect(await render()).toEqual(await render());
  });
});

describe('the footer', () => {
  it('links to leaving, the page of the edition and the front page', async () => {
    const { html, text, slots } = await render();
    const wanted = [
      `https://news.example.org/unsubscribe/${slots.unsubscribe}`,
      'https://news.example.org/editions/2025-09-03',
      'https://news.example.org/',
    ];
    expect(hrefs(html)).toEqual(expect.arrayContaining(wanted));
    for (const url of wanted) expect(text).toContain(`\n${url}\n`);
    expect(text).toContain('Get trending papers in your email inbox!');
    expect(text).toContain('Example Lab, 1 Main Street, Springfield');
  });

  it('has no dead link: to preferences only where there is such a page', async () => {
    const without = await render(undefined, undefined, { preferences: false });
    expect(without.slots.preferences).toBeNull();
    expect(without.html + without.text).not.toContain('/preferences/');
    const { html, text, slots } = await render();
    const url = `https://news.example.org/preferences/${slots.preferences}`;
    expect(hrefs(html)).toContain(url);
    expect(text).toContain(`\n${url}\n`);
  });

  it('links to a manual edition’s page only where it is told the path', async () => {
    const manual = anEdition(aDigest(), { kind: 'manual' });
    expect((await render(manual)).html).not.toContain('/editions/');
    const { html } = await render(manual, undefined, { path: '17' });
    expect(hrefs(html)).toContain('https://news.example.org/editions/17');
  });

  it('has no link at all where one leaves by replying', async () => {
    const { html, text } = await render(undefined, aMasthead({ links: { style: 'reply' } }));
    expect(hrefs(html).every(href => href.startsWith('https://papers.example.org/'))).toBe(true);
    expect(text.replace(/\s+/g, ' ')).toContain('reply with “unsubscribe”');
    expect(html).not.toContain('Forwarded to you?');
  });
});

describe('slots', () => {
  it('are as long as a token and differ from edition to edition', async () => {
    const { slots } = await render(undefined, undefined, { preferences: true });
    const other = await render(anEdition(aDigest(), { intro: 'Other.' }));
    expect([slots.unsubscribe.length, slots.preferences?.length]).toEqual([42, 42]);
    expect(other.slots.unsubscribe).not.toBe(slots.unsubscribe);
  });

  it('are filled with a reader’s own values, taken literally', async () => {
    const { html, slots } = await render(undefined, undefined, { preferences: true });
    const filled = fillSlots(html, slots, { unsubscribe: '$&-one', preferences: '$1-two' });
    expect(hrefs(filled)).toContain('https://news.example.org/unsubscribe/$&-one');
    expect(hrefs(filled)).toContain('https://news.example.org/preferences/$1-two');
    expect(filled).not.toContain(slots.unsubscribe);
  });
});
