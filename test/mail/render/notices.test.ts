import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NoticePurpose } from '../../../src/lib/notice.ts';
import { readHtml } from '../../../src/mail/render/faults.ts';
import type { RenderedNotice } from '../../../src/mail/render/notices.ts';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import { aMasthead } from '../../support/builders.ts';
import { contrast } from '../../support/contrast.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const base = 'https://news.example.org';
const { renderNotice } = createRenderer({ templates: 'templates' });
const places: [NoticePurpose, string][] = [
  ['confirm', 'confirm'],
  ['welcome', 'preferences'],
  ['already', 'preferences'],
  ['manage', 'manage'],
  ['change', 'change'],
];

describe.each(places)('the notice %s', (purpose, place) => {
  let notice: RenderedNotice;
  beforeAll(async () => {
    notice = await renderNotice(purpose, aMasthead());
  });

  it('has one link for its reader, with a mark as long as a token', () => {
    const { html, text, mark } = notice;
    expect(mark).toMatch(/^[\w-]{42}$/);
    const href = `${base}/${place}/${mark}`;
    const { links, faults } = readHtml(html);
    expect(faults).toEqual([]);
    expect(links.filter(link => link.href === href)).toHaveLength(2);
    expect(links).toContainEqual({ href, text: href });
    expect(html.split(mark)).toHaveLength(4);
    expect(text.split(`\n${href}\n`)).toHaveLength(2);
    expect(text.split(mark)).toHaveLength(2);
  });

  it('says who it is from and nothing else: no other link, nothing to fetch', () => {
    const { html, text, mark } = notice;
    const others = readHtml(html).links.filter(({ href }) => !href.includes(mark));
    expect(others).toEqual([{ href: `${base}/`, text: 'Daily Papers, at news.example.org' }]);
    for (const part of [html, text]) {
      expect(part).toContain('Example Lab, 1 Main Street, Springfield');
      expect(part).not.toMatch(/unsubscribe\//i);
    }
    expect(html).not.toMatch(/<(?:img|link|script|form)\b|url\(|@import|\bsrc=/i);
  });

  it('says the same in HTML and in text', () => {
    const flat = (words: string) => words.replace(/&quot;/g, '"').replace(/\s+/g, ' ');
    const paragraphs = [...notice.html.matchAll(/<p style="margin:0 0 12px">([^<]+)<\/p>/g)];
    expect(paragraphs.length).toBeGreaterThan(1);
    for (const [, words = ''] of paragraphs) expect(flat(notice.text)).toContain(flat(words));
    expect(notice.html).toContain(`>${notice.subject}</h1>`);
    expect(notice.html).toContain(`<title>${notice.subject}</title>`);
    expect(notice.html).toContain(`>${notice.preheader}</div>`);
  });

  it('is small, and its text keeps within 78 columns but for addresses', () => {
    expect(Buffer.byteLength(notice.html)).toBeLessThan(30_000);
    const lines = notice.text.split('\n').filter(line => !line.startsWith('https://'));
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(78);
    expect(notice.subject.length).toBeLessThanOrEqual(60);
  });

  it('can be read in light and in dark', () => {
    const { html } = notice;
    const dark = /prefers-color-scheme:dark\) \{\n([\s\S]*?)\n\}\n/.exec(html)?.[1] ?? '';
    for (const [tag, color = ''] of html.matchAll(
      /<(?:h1|p|a)\s[^>]*style="(?:[^"]*;)?color:(#\w{6})[^>]*>/g,
    )) {
      expect(contrast(color, '#fbf8f1'), tag).toBeGreaterThan(4.5);
      const classes = /class="([^"]*)"/.exec(tag)?.[1]?.split(' ') ?? [];
      expect(
        classes.some(name => new RegExp(`\\.${name}[ ,{]`).test(dark)),
        tag,
      ).toBe(true);
    }
  });
});

describe('a notice', () => {
  it('is the same for everybody, and another mark where anything differs', async () => {
    const first = await renderNotice('confirm', aMasthead());
    expect(await renderNotice('confirm', aMasthead())).toEqual(first);
    const { mark } = await renderNotice('confirm', aMasthead({ postalAddress: null }));
    expect(mark).not.toBe(first.mark);
  });

  it('shows a name as text', async () => {
    const name = '<script>{{x}}</script>"&';
    const { html, subject, text } = await renderNotice('confirm', aMasthead({ name }));
    expect(html).not.toContain('<script');
    expect(readHtml(html).faults).toEqual([]);
    expect(subject).toContain(name);
    expect(text).toContain(name);
  });

  it('needs a site that its link leads to', async () => {
    const masthead = aMasthead({ links: { style: 'reply' } });
    await expect(renderNotice('confirm', masthead)).rejects.toThrow('needs a site');
  });

  it('needs a subject, a preheader and one link in its words', async () => {
    const templates = tempFolder();
    cpSync('templates', templates, { recursive: true });
    const file = join(templates, 'mail/confirm.txt.hbs');
    const spoiled = createRenderer({ templates });
    writeFileSync(file, 'Subject: One\nPreheader: Two\n\nThree.\n');
    await expect(spoiled.renderNotice('confirm', aMasthead())).rejects.toThrow(
      `${file}: needs “Subject: …”`,
    );
  });
});
