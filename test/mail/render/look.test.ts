import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import { aDigest, aMasthead, anEdition, papers } from '../../support/builders.ts';
import { contrast } from '../../support/contrast.ts';

const colors = (css: string) =>
  [...css.matchAll(/(?<![-\w])color:\s*(#[0-9a-f]{6})/g)].map(([, color = '']) => color);
const found = (text: string, pattern: RegExp) => pattern.exec(text)?.[1] ?? '';

/** The mail without its hidden preheader, which nobody sees. */
let html: string;
let dark: string;

beforeAll(async () => {
  const pdfUrl = 'https://example.org/a.pdf';
  const digest = aDigest({ papers: papers(12, { pdfUrl, upvotes: 3 }), curator: 'Somebody' });
  const { renderEdition } = createRenderer({ templates: 'templates' });
  const rendered = await renderEdition(anEdition(digest, { intro: 'Hello.' }), aMasthead());
  html = rendered.html.replace(/<div style="display:none.*/, '');
  dark = found(html, /prefers-color-scheme:dark\) \{\n([\s\S]*?)\n\}\n/);
});

describe('a mail', () => {
  it('has a contrast of 4.5 to 1 or more, in light', () => {
    const background = found(html, /<body[^>]*background-color:(#\w{6})/);
    const inline = colors([...html.matchAll(/style="[^"]*"/g)].join('\n'));
    expect(inline.length).toBeGreaterThan(30);
    for (const color of inline) expect(contrast(color, background), color).toBeGreaterThan(4.5);
  });

  it('has a contrast of 4.5 to 1 or more, in dark', () => {
    const background = found(dark, /\.bg[^}]*background:(#\w{6})/);
    expect(colors(dark).length).toBeGreaterThan(3);
    for (const color of colors(dark))
      expect(contrast(color, background), color).toBeGreaterThan(4.5);
  });

  it('has a dark colour for everything that has one in light', () => {
    const painted = [...html.matchAll(/<(?:h\d|p|a)\s[^>]*style="(?:[^"]*;)?color:#[^>]*>/g)];
    expect(painted.length).toBeGreaterThan(20);
    for (const [tag] of painted) {
      const classes = found(tag, /class="([^"]*)"/).split(' ');
      const covered = classes.some(name => new RegExp(`\\.${name}[ ,{]`).test(dark));
      expect(covered, tag).toBe(true);
    }
    expect(dark).toMatch(/\.bg, \.bg > div \{/);
    expect(html).toMatch(/<body\s+class="bg"/);
  });

  it('fetches nothing: no image, font, script, style sheet or tracker', () => {
    expect(html).not.toMatch(/<(?:img|link|script|iframe|object|video|audio|form)\b/i);
    expect(html).not.toMatch(/url\(|@import|@font-face|\bsrc=|background="/i);
    const addresses = [...html.matchAll(/https?:\/\/[^"'\s<]+/g)].map(([url]) => new URL(url).host);
    const own = ['www.w3.org', 'papers.example.org', 'example.org', 'news.example.org'];
    expect(own).toEqual(expect.arrayContaining([...new Set(addresses)]));
  });

  it('says its language, direction, title and character set', () => {
    expect(html).toMatch(/<html lang="en" dir="ltr"/);
    expect(html).toContain('<title>Paper 1 · Paper 2</title>');
    expect(html).toMatch(/charset=UTF-8/i);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('has its headings in order: the name, then the papers and “Also today”', () => {
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels).toEqual([1, ...Array(11).fill(2)]);
  });

  it('has no table that is read out as one', () => {
    const tables = [...html.matchAll(/<table[^>]*>/g)].map(([tag]) => tag);
    expect(tables.length).toBeGreaterThan(2);
    for (const tag of tables) expect(tag).toContain('role="presentation"');
  });

  it('breaks words that are wider than the page', () => {
    expect(html).toContain('.ink, .foot { word-break:break-word; overflow-wrap:anywhere; }');
  });
});

describe('the stylesheet of the pages', () => {
  const css = readFileSync('templates/pages/style.css', 'utf8');
  const blocks = css.split('@media (prefers-color-scheme: dark)').slice(0, 2);
  const token = (block: string, name: string) => found(block, new RegExp(`--${name}: (#\\w{6})`));

  it('has a contrast of 4.5 to 1 or more in light and dark', () => {
    expect(blocks).toHaveLength(2);
    for (const block of blocks) {
      for (const name of ['ink', 'title', 'quiet', 'accent']) {
        const ratio = contrast(token(block, name), token(block, 'paper'));
        expect(ratio, name).toBeGreaterThan(4.5);
      }
    }
  });

  it('fetches nothing', () => {
    expect(css).not.toMatch(/url\(|@import|@font-face/);
  });
});
