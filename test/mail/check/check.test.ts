import { describe, expect, it } from 'vitest';
import { checkEdition, type MailToCheck } from '../../../src/mail/check/check.ts';
import { featureNames, mjmlFeatures } from '../../../src/mail/check/compatibility.ts';
import { tally } from '../../../src/mail/check/finding.ts';
import { sizeParts } from '../../../src/mail/check/inbox.ts';
import { readMail } from '../../../src/mail/check/read-mail.ts';
import { mjmlToHtml } from '../../../src/mail/render/mjml.ts';

const headers = [
  'From: Daily Papers <papers@news.example.org>',
  'To: <reader@example.org>',
  'Subject: Papers',
  'Date: Wed, 03 Sep 2025 06:00:00 +0000',
  'Message-ID: <1@news.example.org>',
  'List-Id: Daily Papers <daily-papers.news.example.org>',
  'List-Unsubscribe: <https://news.example.org/unsubscribe/x>,\r\n <mailto:papers@news.example.org>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  'DKIM-Signature: v=1',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary="x"',
];

const page = (body: string, sheet = '') =>
  `<!doctype html>\n<html lang="en"><head><style>${sheet}</style></head>\n<body style="background-color:#fbf8f1">\n<h1>Papers</h1>\n${body}\n</body></html>`;

/** What is found in a mail that is right but for what is given, as `rule place what`. */
function found(
  given: Partial<MailToCheck> & { lines?: readonly string[]; template?: string } = {},
) {
  const source = `${(given.lines ?? headers).join('\r\n')}\r\n\r\nHello.\r\n`;
  const mail = {
    subject: 'Papers',
    preheader: 'Of today',
    html: page('<p>Hello.</p>'),
    source,
    ...given,
  };
  return checkEdition(mail, {
    templates: [{ path: 'templates/edition/edition.mjml.hbs', text: given.template ?? '' }],
    home: 'https://news.example.org',
  });
}

const lines = (...given: Parameters<typeof found>) =>
  found(...given).map(({ severity, rule, place, what }) => `${severity} ${rule} ${place} ${what}`);

describe('the checks', () => {
  it('find nothing in a mail that is right', () => {
    expect(lines()).toEqual([]);
  });

  it('blame the line of the template in which a fault was typed, and else that of the mail', () => {
    const link = '<a href="javascript:alert(1)">Press</a>';
    const template = `<mjml>\n<mj-body>\n<mj-text>${link}</mj-text>`;
    const [typed] = found({ html: page(link), template });
    expect(typed).toMatchObject({
      severity: 'error',
      place: 'templates/edition/edition.mjml.hbs:3',
    });
    expect(found({ html: page(link) })[0]).toMatchObject({ place: 'edition.html:5' });
  });

  it('put errors first, and count', () => {
    const all = found({ html: page('<p style="position:absolute">x</p>'), subject: 'Papers!!' });
    expect(all.map(({ severity }) => severity)).toEqual(['error', 'warning']);
    expect(tally(all)).toEqual({ error: 1, warning: 1, note: 0 });
  });

  it('take a hundred kilobytes in less than a second', () => {
    const html = page(
      '<p style="color:#24221e">Words and <a href="https://a.test/">links</a></p>\n'.repeat(1400),
    );
    const start = performance.now();
    expect(found({ html })[0]).toMatchObject({ rule: 'size' });
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('links', () => {
  it.each([
    ['<a href="javascript:alert(1)">x1</a>', /error .* is a javascript: link/],
    ['<a href="java&#10;script:alert(1)">x1</a>', /error .* is a javascript: link/],
    ['<a href="data:text/html,x">x1</a>', /error .* is a data: link/],
    ['<a href="">x1</a>', /error .* leads nowhere/],
    ['<a href="/editions">x1</a>', /error .* no whole address/],
    ['<a href="http://localhost:3000/">x1</a>', /error .* readers cannot reach/],
    ['<a href="https://10.0.0.7/">x1</a>', /error .* readers cannot reach/],
    ['<a href="https://papers.test/"><b></b></a>', /error .* no words/],
    [
      '<a href="https://evil.test/">https://bank.test/</a>',
      /error .* says bank.test and leads to evil/,
    ],
    ['<a href="https://me@papers.test/">x1</a>', /warning .* a name before an @/],
    ['<a href="https://bit.ly/x">x1</a>', /warning .* hides where it leads/],
    ['<a href="https://papers.test/">click here</a>', /warning .* does not say where/],
    ['<a href="http://papers.test/">x1</a>', /note .* not encrypted/],
    [
      '<a href="https://a.test/">x1</a> <a href="https://a.test/">y1</a>',
      /note .* 2 times, by different words/,
    ],
  ])('%s', (html, expected) => {
    const all = lines({ html: page(html) });
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(expected);
  });

  it.each([
    '<a href="https://arxiv.org/abs/2509.00001">A paper</a>',
    '<a href="mailto:papers@example.org">Write</a>',
    '<a href="https://a.test/"><img src="https://a.test/x" alt="A chart"></a>',
    '<a name="top"></a>',
    '<a href="https://news.example.org/editions">Editions</a>',
  ])('lets %s be', html => {
    expect(lines({ html: page(html) })).toEqual([]);
  });
});

describe('what whoever listens goes by', () => {
  it.each([
    ['<img src="https://a.test/x">', /error images .*no alt text/],
    [
      '<a href="https://a.test/" aria-label="A"><img src="https://a.test/x" alt=""></a>',
      /error images/,
    ],
    ['<h2> </h2>', /error structure .* empty/],
    ['<h3>Too deep</h3>', /warning structure .* h3 after h1/],
    ['<h1>Again</h1>', /warning structure .* 2 headings of the first level/],
  ])('%s', (html, expected) => {
    expect(lines({ html: page(html) })[0]).toMatch(expected);
  });

  it('wants headings and a language', () => {
    const all = lines({ html: '<html lang="und"><body><p>x</p></body></html>' });
    expect(all.join('\n')).toMatch(/no headings[\s\S]*what language/);
  });

  it('finds an image of MJML without alt, which MJML gives an empty one', () => {
    const template = '<mjml>\n<mj-image src="https://a.test/x.png" />\n<mj-image src="y" alt="" />';
    expect(lines({ template })).toEqual([
      expect.stringMatching(
        /^error images templates\/edition\/edition.mjml.hbs:2 The image https:\/\/a/,
      ),
    ]);
  });
});

describe('the size', () => {
  it('is an error over what Gmail shows, a warning over our budget; and says what takes it', () => {
    const mail = (bytes: number) => page(`<p>${'word '.repeat(bytes / 5)}</p>`);
    expect(found({ html: mail(120_000) })[0]).toMatchObject({
      severity: 'error',
      what: expect.stringContaining('120.1 KB; Gmail cuts a mail off at 102.4 KB'),
      cure: expect.stringContaining('Most of it is words'),
      place: 'edition.html:5',
    });
    expect(found({ html: mail(98_000) })[0]).toMatchObject({ severity: 'warning' });
    expect(found({ html: mail(90_000) })).toEqual([]);
  });

  it('has parts that come to the whole', () => {
    const html = page(
      '<!--[if mso]><b>é</b><![endif]--><p style="color:red">é <a href="x">y</a></p>',
      'p{}',
    );
    const parts = sizeParts(html);
    expect(parts.every(({ bytes }) => bytes > 0)).toBe(true);
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(Buffer.byteLength(html));
  });
});

describe('contrast', () => {
  it.each([
    ['<p style="color:#999">faint</p>', '', /#999999 on #fbf8f1: a contrast of 2.7, and 4.5/],
    ['<div style="background:#000"><p>black</p></div>', '', /#000000 on #000000/],
    ['<p class="a">x1</p>', '.a { color:#ccc }', /#cccccc on #fbf8f1/],
    [
      '<p class="a" style="color:#222222">night</p>',
      '@media (prefers-color-scheme:dark) { body { background:#171614 !important } h1 { color:#fff } }',
      /#222222 on #171614 in the dark/,
    ],
  ])('%s %s', (html, sheet, expected) => {
    const all = lines({ html: page(html, sheet) }).filter(line => line.includes('contrast '));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(expected);
  });

  it.each([
    ['<p style="color:#6b665c">quiet</p>', ''],
    ['<p style="color:#888;font:700 24px/1.2 Georgia">large</p>', ''],
    ['<p style="color:#fbf8f1;display:none">hidden</p>', ''],
    [
      '<div class="a"><p style="color:#222">x1</p></div>',
      '@media (prefers-color-scheme:dark) { body { background:#000 !important } .a > p, h1 { color:#eee !important } }',
    ],
  ])('is enough: %s %s', (html, sheet) => {
    expect(lines({ html: page(html, sheet) }).filter(line => line.includes('contrast'))).toEqual(
      [],
    );
  });
});

describe('what clients support', () => {
  it.each([
    ['<p style="display:grid">x</p>', '', /^error .*display:grid, by Gmail/],
    ['<p style="position:sticky">x</p>', '', /^error .*position/],
    ['<form action="https://a.test/">x</form>', '', /^error .*<form>/],
    ['<p style="--a:1px">x</p>', '', /^error .*custom properties/],
    ['<p style="width:calc(1px + 2px)">x</p>', '', /calc\(\)/],
    ['<p>x</p>', 'p { gap:1px }', /^error .*gap/],
    ['<p style="border-radius:2px">x</p>', '', /^warning .*border-radius, by Outlook for Windows/],
    ['<p>x</p>', 'a:hover { margin:1px }', /^note .*:hover/],
  ])('%s %s', (html, sheet, expected) => {
    const all = lines({ html: page(html, sheet) }).filter(line => line.includes(' clients '));
    expect(all.join('\n')).toMatch(expected);
  });

  it('asks of what stands in an @media rule only clients that know those', () => {
    const grid = '@media (prefers-color-scheme:dark) { p { transform:none } }';
    const all = lines({ html: page('<p>x</p>', grid) }).filter(line => line.includes('transform'));
    expect(all.join('')).not.toContain('Gmail');
  });

  it('is silent on what an empty MJML document does, too', () => {
    expect(lines({ html: page('<div style="margin:0">x</div>') })).toEqual([]);
  });
});

describe('headers', () => {
  const without = (name: string) => headers.filter(line => !line.startsWith(`${name}:`));
  it.each([
    ['no date', without('Date'), /error headers Date Date is there not at all/],
    ['two senders', [...headers, 'From: <x@a.test>'], /error headers From From is there 2 times/],
    ['several authors', [...without('From'), 'From: <x@a.test>, <y@a.test>'], /not one mailbox/],
    ['free mail', [...without('From'), 'From: Me <me@gmail.com>'], /warning .*DMARC/],
    ['a bad date', [...without('Date'), 'Date: yesterday'], /error .*no date/],
    ['a bad id', [...without('Message-ID'), 'Message-ID: 1'], /error .*no message id/],
    [
      'a long line',
      [...headers, `X: ${'x'.repeat(999)}`],
      /error headers edition.eml:13 Line 13 has 1002/,
    ],
    ['letters beyond ASCII', [...headers, 'X: é'], /error .*beyond ASCII/],
    ['no List-Id', without('List-Id'), /warning .*no List-Id/],
    ['no way to leave', without('List-Unsubscribe'), /error .*no List-Unsubscribe/],
    [
      'a way without brackets',
      [...without('List-Unsubscribe'), 'List-Unsubscribe: https://a.test'],
      /angle brackets/,
    ],
    [
      'no click',
      [
        ...without('List-Unsubscribe').filter(line => !line.includes('-Post')),
        'List-Unsubscribe: <mailto:x@a.test>',
      ],
      /note .*one click/,
    ],
    [
      'a click that is not said',
      without('List-Unsubscribe-Post'),
      /error headers List-Unsubscribe-Post/,
    ],
    ['no signature', without('DKIM-Signature'), /note .*not signed/],
  ])('%s', (_, lines_, expected) => {
    const all = lines({ lines: lines_ });
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(expected);
  });
});

describe('the subject', () => {
  it.each([
    ['', 'x', /error .*no subject/],
    ['x'.repeat(79), 'x', /warning .*79 characters/],
    [`${'Long and '.repeat(5)}on`, 'x', /note .*A phone shows about 40/],
    ['Re: your paper', 'x', /warning .*answer/],
    ['ATTENTION PLEASE', 'x', /warning .*capitals/],
    ['Papers', '', /warning subject Preheader .*no preheader/],
    ['Papers', 'Papers', /note subject Preheader .*repeats/],
  ])('%s | %s', (subject, preheader, expected) => {
    const all = lines({ subject, preheader });
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(expected);
  });
});

describe('the features that nobody is blamed for', () => {
  it('are those of an empty MJML document', async () => {
    const empty =
      '<mjml><mj-head><mj-title>A</mj-title><mj-preview>A</mj-preview></mj-head><mj-body><mj-section><mj-column><mj-text>A</mj-text></mj-column></mj-section></mj-body></mjml>';
    expect(featureNames(readMail(await mjmlToHtml(empty)))).toEqual(mjmlFeatures);
  });
});
