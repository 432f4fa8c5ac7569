import { describe, expect, it } from 'vitest';
import { faultOfHtml, faultOfText, readHtml } from '../../../src/mail/render/faults.ts';
import { editionViewer } from '../../../src/mail/render/view.ts';
import { aDigest, anEdition, aPaper } from '../../support/builders.ts';

const title = 'Foo & Bar';
const url = 'https://example.org/?a=1&b=2';
const leave = 'https://news.example.org/unsubscribe/x';
const edition = anEdition(aDigest({ papers: [aPaper({ title, url })] }));
const extent = { lead: 520, summary: 320, picks: 1, also: 0 };
const view = { ...editionViewer(edition)(extent), footer: { unsubscribeUrl: leave } };

const titleLink = '<a href="https://example.org/?a=1&amp;b=2">Foo &amp;\n Bar</a>';
const leaveLink = `<a href="${leave}">Leave</a>`;
const good = `<!doctype html><p>${titleLink}<br>${leaveLink}</p>`;

describe('faultOfHtml', () => {
  it('finds none where title, link and leaving are there', () => {
    expect(faultOfHtml(good, good, view)).toBeNull();
  });

  it.each([
    ['a title is missing', `<p>${leaveLink}</p>`, 'no link to “Foo & Bar”'],
    ['a title is no link', `<p>Foo &amp; Bar ${leaveLink}</p>`, 'no link to “Foo & Bar”'],
    ['one cannot leave', `<p>${titleLink}</p>`, 'no link to unsubscribe'],
    ['a tag is not closed', `<div>${good}`, '<div> is never closed'],
    ['tags cross', `<b><i>${titleLink}</b></i>${leaveLink}`, '</b> stands where <i> is open'],
    ['a tag was never opened', `${good}</td>`, '</td> stands where nothing is open'],
  ])('finds that %s', (_, html, fault) => {
    expect(faultOfHtml(html, '', view)).toContain(fault);
  });

  it('finds a link that MJML dropped', () => {
    const source = `${good}<a href="https://example.org/pdf">PDF</a>`;
    expect(faultOfHtml(good, source, view)).toBe(
      'the link “PDF” to https://example.org/pdf did not come through MJML',
    );
  });
});

describe('faultOfText', () => {
  const text = `Foo\n  & Bar\n  ${url}\n\nLeave: ${leave}\n`;

  it('finds none where titles, wrapped as they may be, and links are there', () => {
    expect(faultOfText(text, view)).toBeNull();
  });

  it.each([
    ['a title is missing', text.replace('Foo', ''), 'lacks the title'],
    ['a link is missing', text.replace(url, ''), 'ends in the link to “Foo & Bar”'],
    ['a link was cut', text.replace(url, `${url}3`), 'ends in the link to “Foo & Bar”'],
    ['one cannot leave', text.replace(leave, ''), 'link to unsubscribe'],
  ])('finds that %s', (_, text, fault) => {
    expect(faultOfText(text, view)).toContain(fault);
  });
});

describe('readHtml', () => {
  it('reads entities, and neither comments nor what is no text', () => {
    const html =
      '<!--<a href="#1">x</a>--><style>a<b{}</style><a href="#2">&#x3c;&#65;&nbsp;&quot;<b>b</b></a>';
    expect(readHtml(html)).toEqual({ links: [{ href: '#2', text: '<A "b' }], faults: [] });
  });
});
