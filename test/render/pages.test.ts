import { describe, expect, it } from 'vitest';
import { createPages } from '../../src/render/pages.ts';
import { readHtml } from '../../src/render/read-html.ts';
import { aDigest, anEdition, aPaper, papers } from '../support/builders.ts';

const pages = createPages({ templates: 'templates' });
const hostile = '<script>"\'&{{x}}</script>';
const parts = { inboxPath: '/inbox', htmlPath: '/1/html', textPath: '/1/text', sourcePath: '/1' };
const mail = { path: '/inbox/1', from: hostile, to: hostile, subject: hostile, time: '07:00' };

const all: [string, string][] = [
  [
    'edition',
    pages.edition({
      name: hostile,
      edition: anEdition(
        aDigest({ curator: hostile, papers: papers(12, { title: hostile, abstract: hostile }) }),
        { intro: hostile },
      ),
      indexed: true,
    }),
  ],
  [
    'message',
    pages.message({
      name: hostile,
      title: hostile,
      paragraphs: [hostile],
      action: { path: '/act?a="b"', label: hostile },
    }),
  ],
  ['not found', pages.notFound(hostile)],
  ['inbox', pages.inbox({ name: hostile, mails: [mail] })],
  [
    'mail',
    pages.mail({ subject: hostile, headers: [{ name: hostile, value: hostile }], ...parts }),
  ],
];

describe.each(all)('the %s page', (_, html) => {
  it('is well nested, and shows what it is given as text', () => {
    expect(readHtml(html).faults).toEqual([]);
    expect(html).not.toMatch(/<script/i);
    expect(html).toContain('&lt;script&gt;');
  });

  it('needs no script, no inline style and nothing from elsewhere', () => {
    expect(html).not.toMatch(/\sstyle=|<style|\son\w+=|javascript:/i);
    expect([...html.matchAll(/<link[^>]*>/g)].map(String)).toEqual([
      '<link rel="stylesheet" href="/style.css">',
    ]);
    expect(html).not.toMatch(/<img|src="http/i);
  });

  it('has one first heading, a title, a language, and fits a phone', () => {
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toMatch(/<html lang="en">[\s\S]*<title>[^<]+<\/title>/);
    expect(html).toContain('content="width=device-width, initial-scale=1"');
  });
});

describe('the edition page', () => {
  it('shows every paper of the edition under the banner, whatever its size', () => {
    const edition = anEdition(aDigest({ papers: papers(600) }));
    const html = pages.edition({ name: 'Daily Papers', edition, indexed: true });
    expect(html).toContain('Get trending papers in your email inbox!');
    const { links } = readHtml(html);
    expect(links.filter(({ href }) => href.startsWith('https://papers.'))).toHaveLength(600);
    expect(html).toContain('<time datetime="2025-09-03">Wednesday, 3 September 2025</time>');
  });

  it('is for search engines only where it may be', () => {
    const page = { name: 'N', edition: anEdition(aDigest({ papers: [aPaper()] })) };
    expect(pages.edition({ ...page, indexed: true })).not.toContain('noindex');
    expect(pages.edition({ ...page, indexed: false })).toContain('noindex');
  });
});

describe('the message page', () => {
  it('asks for one act, by POST', () => {
    const action = { path: '/unsubscribe/abc', label: 'Unsubscribe' };
    const html = pages.message({ name: 'N', title: 'Leave?', paragraphs: [], action });
    expect(html).toContain('<form method="post" action="/unsubscribe/abc"><button type="submit">');
  });

  it('has no form where there is nothing to do', () => {
    expect(pages.notFound('N')).not.toContain('<form');
  });
});

describe('the inbox', () => {
  it('says so when it is empty', () => {
    expect(pages.inbox({ name: 'N', mails: [] })).toContain('Nothing has arrived yet.');
  });

  it('shows a mail in a frame that may run nothing', () => {
    const html = pages.mail({ subject: 'S', headers: [], ...parts });
    expect(html).toMatch(/<iframe sandbox="[^"]*" src="\/1\/html"/);
    expect(html).not.toMatch(/allow-(?:scripts|same-origin|forms|top)/);
  });
});
