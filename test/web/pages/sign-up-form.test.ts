import { describe, expect, it } from 'vitest';
import { readHtml } from '../../../src/mail/render/faults.ts';
import type { Pages } from '../../../src/web/plumbing/pages.ts';
import { viewHome } from '../../../src/web/public/home.ts';
import { anEdition } from '../../support/builders.ts';
import { aForm, aSite, somePages } from './site.ts';

const open = somePages();
const closed = somePages({ signUp: false });
const prompt = 'Get trending papers in your email inbox!';

type Values = Parameters<typeof aForm>[0];
const home = viewHome({ content: anEdition(), key: '' }, '', aSite());
const places: [string, (pages: Pages, values?: Values) => string][] = [
  ['on the first page', (pages, values) => pages.fill('home', { ...home, ...aForm(values) })],
  ['on its own page', (pages, values) => pages.fill('subscribe', aForm(values))],
];

describe.each(places)('the sign-up form %s', (_, show) => {
  it('stands under the prompt, and asks for one thing', () => {
    const html = show(open);
    expect(html).toContain(prompt);
    expect(html).toContain('method="post" action="/subscribe" novalidate>');
    expect(html).toMatch(
      /<input id="address" type="email" name="address" value=""[^>]* autocomplete="email" required maxlength="320">/,
    );
    expect(html).not.toContain('id="problem"');
  });

  it('has the stamp in it as it is, once', () => {
    const stamp = '0mf3abc9x.AZaz09_-';
    expect(show(open, { stamp }).split(stamp)).toHaveLength(2);
  });

  it('says what it promises, who runs it, and what is kept', () => {
    const html = show(open);
    expect(html).toContain('Weekdays about 08:00 CET, ten papers, one click to leave.');
    expect(html).toContain('Run by Example Lab, 1 Main Street, Springfield.');
    expect(readHtml(html).links.filter(({ href }) => href === '/privacy')).toHaveLength(2);
  });

  it.each(['daily', 'weekly'] as const)('keeps the choice of %s', frequency => {
    const weekly = frequency === 'weekly';
    const checked = [...show(open, { weekly }).matchAll(/value="(\w+)" checked/g)];
    expect(checked.map(([, value]) => value)).toEqual([frequency]);
  });

  it('shows what was typed, and says what is wrong with it next to it', () => {
    const html = show(open, { address: 'ada@"', problem: 'It ends too early.' });
    expect(html).toMatch(
      /<input [^>]*value="ada@&quot;"[^>]* aria-invalid="true" aria-describedby="problem"/,
    );
    expect(html).toContain('<p class="problem" id="problem" role="alert">It ends too early.</p>');
  });

  it('has a trap that nobody sees, hears or comes upon', () => {
    const html = show(open);
    expect(html).toMatch(
      /<div class="trap" aria-hidden="true"><label>[^<]+<input type="text" name="website" tabindex="-1" autocomplete="off"><\/label><\/div>/,
    );
    expect(open.stylesheet()).toMatch(/\.trap \{[^}]*clip-path: inset\(50%\)/);
  });

  it('is not there where one cannot sign up, and how to be put on the list is', () => {
    const html = show(closed);
    expect(html).toContain(prompt);
    expect(html).not.toContain('<form');
    const contact = { href: 'mailto:editor@example.org', text: 'editor@example.org' };
    expect(readHtml(html).links).toContainEqual(contact);
  });
});
