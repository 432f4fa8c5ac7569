import { describe, expect, it } from 'vitest';
import { readHtml } from '../../../src/mail/render/faults.ts';
import { feedOf } from '../../../src/web/public/edition.ts';
import { aDigest, anEdition, papers } from '../../support/builders.ts';
import { somePages } from './site.ts';

const base = 'https://news.example.org';
const createdAt = Date.UTC(2025, 8, 3, 6);
const updated = '2025-09-03T06:00:00.000Z';
const entity = /&(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);/gi;

/** The elements of well-formed XML, in order, with their text; throws where it is not. */
function readXml(xml: string): { name: string; attributes: string; text: string }[] {
  // XML 1.0 §2.2: what is no character of XML, escaped or not.
  if (/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
    throw new Error('control');
  const [declaration = ''] = /^<\?xml version="1\.0" encoding="utf-8"\?>\n/.exec(xml) ?? [];
  if (!declaration) throw new Error('no declaration');
  const found: { name: string; attributes: string; text: string }[] = [];
  const open: (typeof found)[number][] = [];
  let rest = xml.slice(declaration.length);
  while (rest) {
    const [token = '', slash, name = '', attributes = '', empty] =
      /^<(\/?)([a-z]+)((?: [a-z:]+="[^"<]*")*)(\/?)>/.exec(rest) ?? /^[^<]+/.exec(rest) ?? [];
    if (!token || /&/.test(token.replace(entity, ''))) throw new Error(`at ${rest.slice(0, 40)}`);
    rest = rest.slice(token.length);
    if (!name) {
      const element = open.at(-1);
      if (!element && token.trim()) throw new Error(`text outside: ${token}`);
      if (element) element.text += token;
    } else if (slash) {
      if (open.pop()?.name !== name) throw new Error(`</${name}>`);
    } else {
      const element = { name, attributes, text: '' };
      found.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length > 0 || found[0]?.name !== 'feed') throw new Error('not closed');
  return found;
}

const unescaped = (text: string) =>
  text.replace(entity, code => {
    const named: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
    const number = /&#(x?)([0-9a-f]+);/i.exec(code);
    return (
      named[code] ?? String.fromCodePoint(Number.parseInt(number?.[2] ?? '', number?.[1] ? 16 : 10))
    );
  });

const pages = somePages();
const aFeed = (content = anEdition()) =>
  feedOf([{ content, key: '', createdAt }], createdAt, base, pages);
const texts = (xml: string, wanted: string) =>
  readXml(xml)
    .filter(({ name }) => name === wanted)
    .map(({ text }) => unescaped(text));

describe('the feed', () => {
  it('has what Atom asks for: ids, times, titles, who wrote it, and where it is', () => {
    const xml = aFeed();
    expect(texts(xml, 'id')).toEqual([`${base}/`, `${base}/editions/2025-09-03`]);
    expect(texts(xml, 'updated')).toEqual([updated, updated]);
    expect(texts(xml, 'title')).toEqual(['Daily Papers', 'Paper 1 · Paper 2']);
    expect(texts(xml, 'name')).toEqual(['Daily Papers']);
    const links = readXml(xml).filter(({ name }) => name === 'link');
    expect(links.map(({ attributes }) => attributes)).toEqual([
      ` rel="self" type="application/atom+xml" href="${base}/feed.xml"`,
      ` rel="alternate" type="text/html" href="${base}/"`,
      ` rel="alternate" type="text/html" href="${base}/editions/2025-09-03"`,
    ]);
  });

  it('carries editions whole, with absolute links alone', () => {
    const [content = ''] = texts(aFeed(anEdition(aDigest({ papers: papers(12) }))), 'content');
    const { links, faults } = readHtml(content);
    expect(faults).toEqual([]);
    expect(links).toHaveLength(12);
    expect(links.every(({ href }) => href.startsWith('https://'))).toBe(true);
  });

  it('is a feed without any edition, too', () => {
    expect(texts(feedOf([], createdAt, base, pages), 'title')).toEqual(['Daily Papers']);
  });

  it('is well-formed whatever the papers say, and they say it as text', () => {
    const said = '<b>&amp; ]]> "q" \'a\' `b` </content><entry> {{x}} <!-- &nbsp; 🤖';
    const odd = `\u0000\u0001\u000b\u001b\u007f\ufffe\uffff\ud800`;
    const title = `${said} ${odd}.`;
    const edition = anEdition(aDigest({ papers: papers(12, { title, abstract: title }) }), {
      intro: title,
      subject: title,
      preheader: title,
    });
    const xml = aFeed(edition);
    expect(texts(xml, 'entry')).toHaveLength(1);
    expect(texts(xml, 'summary')[0]).toContain(said);
    const [content = ''] = texts(xml, 'content');
    expect(readHtml(content).faults).toEqual([]);
    expect(content).not.toMatch(/<b>|<!--/);
    expect(readHtml(content).links[0]?.text).toContain('<b>&amp; ]]>');
  });
});
