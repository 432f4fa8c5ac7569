import { describe, expect, it } from 'vitest';
import { readHtml } from '../../../src/mail/render/faults.ts';
import type { ArchiveRow } from '../../../src/store/archive.ts';
import { viewArchive } from '../../../src/web/public/archive.ts';
import { viewEdition } from '../../../src/web/public/edition.ts';
import { viewHome } from '../../../src/web/public/home.ts';
import { aDigest, anEdition, papers } from '../../support/builders.ts';
import { aSite, somePages } from './site.ts';

const { fill } = somePages();
const { base } = aSite();
const edition = anEdition();
const around = { href: '/editions/2025-09-03', indexed: true, earlier: null, later: null };
const pageOf = (
  values: Partial<Parameters<typeof viewEdition>[1]> = {},
  content = edition,
  at = base,
) => fill('edition', viewEdition(content, { ...around, ...values }, at));
const homeOf = (latest: Parameters<typeof viewHome>[0]) =>
  fill('home', viewHome(latest, 'stamp', aSite()));
const linksOf = (html: string) => readHtml(html).links;
const canonical = (html: string) => /<link rel="canonical" href="([^"]*)">/.exec(html)?.[1];
const property = (html: string, name: string) =>
  new RegExp(`<meta property="og:${name}" content="([^"]*)">`).exec(html)?.[1];

describe('the edition page', () => {
  it('shows every paper of the edition under the banner, whatever its size', () => {
    const large = anEdition(aDigest({ papers: papers(600) }));
    const html = pageOf({}, large);
    const shown = linksOf(html).filter(({ href }) => href.startsWith('https://papers.'));
    expect(shown).toHaveLength(600);
    expect(html).toContain('<time datetime="2025-09-03">Wednesday, 3 September 2025</time>');
  });

  it('leads to the sign-up, and has nobody’s own link', () => {
    const prompt = 'Get trending papers in your email inbox!';
    const links = linksOf(pageOf());
    expect(links).toContainEqual({ href: '/#subscribe', text: prompt });
    expect(links.filter(({ href }) => /unsubscribe|preferences|manage/.test(href))).toEqual([]);
  });

  it('is for search engines only where it may be', () => {
    expect(pageOf()).not.toContain('noindex');
    expect(pageOf({ indexed: false })).toContain('noindex');
  });

  it('says its one address, and what it is to those who share it', () => {
    const html = pageOf();
    expect(canonical(html)).toBe('https://news.example.org/editions/2025-09-03');
    expect(property(html, 'url')).toBe(canonical(html));
    expect(property(html, 'title')).toBe(edition.subject);
    expect(property(html, 'description')).toBe(edition.preheader);
    expect(property(html, 'type')).toBe('article');
    expect(property(html, 'site_name')).toBe('Daily Papers');
  });

  it('says no address where it has none', () => {
    expect(pageOf({}, edition, null)).not.toMatch(/canonical|og:/);
  });

  it('turns to the editions before and after it, where there are any', () => {
    const earlier = { href: '/editions/2025-09-02', label: 'Tuesday' };
    const later = { href: '/editions/a%2Fb', label: 'Thursday' };
    const links = linksOf(pageOf({ earlier, later }));
    expect(links).toContainEqual({ href: '/editions/2025-09-02', text: '← Tuesday' });
    expect(links).toContainEqual({ href: '/editions/a%2Fb', text: 'Thursday →' });
    expect(pageOf()).not.toContain('class="turn"');
    expect(pageOf({ earlier })).not.toContain('rel="next"');
  });

  it('speaks of the week where it is weekly', () => {
    const large = anEdition(aDigest({ papers: papers(11) }));
    expect(pageOf({}, large)).toContain('Also today');
    const weekly = { ...large, kind: 'weekly' } as const;
    expect(pageOf({}, weekly)).toContain('Also this week');
  });
});

describe('the first page', () => {
  it('is the latest edition, with a link to its own page', () => {
    const html = homeOf({ content: edition, key: '' });
    expect(html).toContain('<h1>Daily Papers</h1>');
    expect(linksOf(html)).toContainEqual({
      href: 'https://papers.example.org/1',
      text: 'Paper 1',
    });
    expect(linksOf(html)).toContainEqual({
      href: '/editions/2025-09-03',
      text: 'Link to this edition',
    });
    expect(html).toContain('<title>Daily Papers</title>');
    expect(canonical(html)).toBe('https://news.example.org/');
    expect(property(html, 'type')).toBe('website');
  });

  it('lets one skip the form', () => {
    const html = homeOf({ content: edition, key: '' });
    expect(linksOf(html)[0]).toEqual({ href: '#papers', text: 'Skip to the papers' });
    expect(html).toContain('<main id="papers" tabindex="-1">');
  });

  it('says that the first edition is to come', () => {
    const html = homeOf(null);
    expect(html).toContain('The first edition is still to come.');
    expect(html).toContain('action="/subscribe"');
  });
});

describe('the archive', () => {
  const titles = ['Lead', 'Agents That Sleep', 'Trees', 'Rivers', 'Agents at Sea'];
  const row: ArchiveRow = {
    id: 1,
    key: '',
    kind: 'daily',
    date: '2025-09-03',
    subject: 'Lead',
    titles,
  };
  const archive = (values: Partial<ArchiveRow> = {}, search = '') =>
    fill('archive', viewArchive([{ ...row, ...values }], { search }, base));

  it('lists editions by month, with what was in them', () => {
    const html = archive();
    expect(html).toContain('<h2>September 2025</h2>');
    expect(html).toContain('<time datetime="2025-09-03">Wed 3</time>');
    expect(linksOf(html)).toContainEqual({ href: '/editions/2025-09-03', text: 'Lead' });
    expect(html).toContain('>Agents That Sleep · Trees · Rivers +1</p>');
  });

  it('does not say twice what the subject says, though it be cut short', () => {
    expect(archive({ subject: 'Lead · Agents That Sleep' })).toContain('>Trees · Rivers');
    expect(archive({ subject: 'Agents That…' })).toContain('>Lead · Trees · Rivers +1</p>');
  });

  it('shows the titles that were searched for', () => {
    const html = archive({}, 'AGENTS  whale');
    expect(html).toContain('>Agents That Sleep · Agents at Sea +2</p>');
    expect(html).toContain('name="q" value="AGENTS  whale"');
  });

  it('tells a weekly edition from the others', () => {
    expect(archive({ kind: 'weekly' })).toContain('Wed 3</time> weekly');
    expect(archive()).not.toContain('weekly');
  });

  it('leads to older editions, where there are any', () => {
    const older = '/editions?before=2025-08-01.7';
    const last = { date: '2025-08-01', id: 7 };
    const html = fill('archive', viewArchive([], { last }, base));
    expect(linksOf(html)).toContainEqual({ href: older, text: 'Older editions →' });
    expect(archive()).not.toContain('Older editions');
  });

  it('says so where there is nothing yet, or nothing was found', () => {
    const empty = (search: string) => fill('archive', viewArchive([], { search }, base));
    expect(empty('')).toContain('No edition has come out yet.');
    expect(empty('x&y')).toContain('Nothing found for “x&amp;y”.');
  });

  it('is for search engines, and what is found in it is not', () => {
    expect(archive()).not.toContain('noindex');
    expect(archive({}, 'agents')).toContain('noindex');
    expect(fill('archive', viewArchive([], {}, null))).toContain('noindex');
  });
});
