import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHtml } from '../../../src/mail/render/faults.ts';
import { TemplateError } from '../../../src/mail/render/templates.ts';
import type { ArchiveRow } from '../../../src/store/archive.ts';
import { createPages } from '../../../src/web/plumbing/pages.ts';
import { viewArchive } from '../../../src/web/public/archive.ts';
import { viewEdition } from '../../../src/web/public/edition.ts';
import { viewHome } from '../../../src/web/public/home.ts';
import { aDigest, anEdition, papers } from '../../support/builders.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { aForm, aSite, somePages } from './site.ts';

const hostile = '<script>"\'&{{x}}</script>';
const path = '/act?a="b"';
const latest = {
  content: anEdition(
    aDigest({ curator: hostile, papers: papers(12, { title: hostile, abstract: hostile }) }),
    { kind: 'manual', intro: hostile, subject: hostile, preheader: hostile },
  ),
  key: hostile,
};
const form = aForm({ stamp: hostile, address: hostile, problem: hostile });
const row: ArchiveRow = {
  id: 1,
  key: hostile,
  kind: 'manual',
  date: '2025-09-03',
  subject: hostile,
  titles: [hostile, `${hostile}2`],
};
const neighbour = { href: path, label: hostile };
const preferences = {
  path,
  maskedAddress: hostile,
  weekly: true,
  pausedUntil: '2025-09-20',
  firstDay: '2025-09-04',
  lastDay: '2026-09-03',
  done: hostile,
  problem: hostile,
};
const mail = { path: '/inbox/1', from: hostile, to: hostile, subject: hostile, date: '07:00' };

/** Every page, with hostile text in every place that takes text. */
const hostileSite = { name: hostile, promise: hostile, operator: hostile, contact: hostile };
const { fill } = somePages({ ...hostileSite, mailFrom: hostile });
const closedSite = aSite({ ...hostileSite, base: null, signUp: false });
const closed = createPages('templates', closedSite);
const shown = (edition: typeof latest | null) => ({ ...viewHome(edition, '', aSite()), ...form });
const all: [string, string][] = [
  ['first', fill('home', shown(latest))],
  ['first, before any edition,', fill('home', shown(null))],
  ['first, without sign-up,', closed.fill('home', viewHome(latest, '', closedSite))],
  [
    'edition',
    fill(
      'edition',
      viewEdition(
        latest.content,
        { href: path, indexed: true, earlier: neighbour, later: neighbour },
        'https://news.example.org',
      ),
    ),
  ],
  ['archive', fill('archive', { ...viewArchive([row], { search: hostile }, null), older: path })],
  ['empty archive', fill('archive', viewArchive([], { search: hostile }, null))],
  ['sign-up', fill('subscribe', form)],
  ['closed sign-up', closed.fill('subscribe', form)],
  ['asked', fill('asked')],
  ['confirm', fill('confirm', { path })],
  ['expired confirm', fill('confirm-expired', { path })],
  ['confirmed', fill('confirmed', { now: true })],
  ['leave', fill('leave', { path })],
  ['left', fill('left', { undoPath: path, whyPath: path })],
  ['thanks', fill('thanks')],
  ['undone', fill('undone')],
  ['preferences', fill('preferences', preferences)],
  ['link sent', fill('link-sent')],
  ['manage', fill('manage', { path, address: hostile, problem: hostile })],
  ['forgotten', fill('forgotten')],
  ['change asked', fill('change-asked')],
  ['change', fill('change', { path })],
  ['changed', fill('changed')],
  ['link over', fill('link-over')],
  ['broken link', fill('link-broken')],
  ['privacy', fill('privacy')],
  ['not found', fill('not-found')],
  ['too many', fill('too-many')],
  ['bad request', fill('bad-request', { problem: hostile })],
  ['failed', fill('failed')],
  ['inbox', fill('inbox', { mails: [mail] })],
  ['mail', fill('mail', mail)],
];

const count = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].length;

describe.each(all)('the %s page', (_, html) => {
  it('is well nested, and shows what it is given as text', () => {
    expect(readHtml(html).faults).toEqual([]);
    expect(html).not.toMatch(/<script/i);
    expect(html).toContain('&lt;script&gt;');
    // No attribute ends early: what follows a quote is the next attribute or the tag's end.
    expect(html).not.toMatch(/<[a-z][^<>]*="[^"<>]*"[^\s>/]/);
  });

  it('needs no script, no inline style and nothing from elsewhere', () => {
    expect(html).not.toMatch(/<[^>]*\s(?:style|on\w+)=|<style|href="javascript:/i);
    expect(html).not.toMatch(/<img|src="http/i);
    const fetched = [...html.matchAll(/<link rel="(?!alternate|canonical)[^>]*>/g)].map(String);
    expect(fetched).toEqual(['<link rel="stylesheet" href="/style.css">']);
  });

  it('has one first heading, a title, a language, and fits a phone', () => {
    expect(count(html, /<h1/g)).toBe(1);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">[\s\S]*<title>[^<]+<\/title>/);
    expect(html).toContain('content="width=device-width, initial-scale=1"');
  });

  it('has its landmarks, and the footer that leads on', () => {
    for (const tag of [/<header/g, /<main/g, /<footer/g]) expect(count(html, tag)).toBe(1);
    const footer = html.slice(html.indexOf('<footer'));
    expect(readHtml(footer).links.map(({ text }) => text)).toEqual(
      html.includes('/feed.xml') ? ['Editions', 'Feed', 'Privacy'] : ['Editions', 'Privacy'],
    );
  });

  it('has a label for every field, by POST unless it only searches', () => {
    const fields = [...html.matchAll(/<input (?!type="hidden")[^>]*>/g)].map(String);
    for (const field of fields) {
      const id = /\bid="([^"]+)"/.exec(field)?.[1];
      const inLabel = html.split(field)[0]?.match(/<label>[^<]*$/);
      expect(id ? html.includes(`<label for="${id}">`) : inLabel, field).toBeTruthy();
    }
    const methods = new Set([...html.matchAll(/<form[^>]*method="(\w+)"/g)].map(([, by]) => by));
    if (!html.includes('role="search"')) expect([...methods, 'post']).not.toContain('get');
  });
});

describe('pages', () => {
  const plain = somePages();

  it('ask for one act, by POST', () => {
    const html = plain.fill('leave', { path: '/unsubscribe/abc' });
    expect(html).toContain('<form method="post" action="/unsubscribe/abc"><button type="submit">');
  });

  it('have no form where there is nothing to do', () => {
    expect(plain.fill('not-found')).not.toContain('<form');
  });

  it('are not for search engines, but for those that are meant to be found', () => {
    for (const html of [plain.fill('privacy'), plain.fill('leave', { path }), fill('not-found')]) {
      expect(html).toContain('<meta name="robots" content="noindex">');
    }
  });

  it('do not offer a feed where there are no absolute addresses for it', () => {
    expect(plain.fill('thanks')).toContain('type="application/atom+xml" title="Daily Papers"');
    expect(closed.fill('thanks')).not.toContain('feed.xml');
  });

  it('write an address so that a mail program understands it', () => {
    const contact = '"a b&?"@bücher.example';
    const { links } = readHtml(somePages({ contact }).fill('link-over'));
    expect(links).toContainEqual({
      href: 'mailto:%22a%20b%26%3F%22@b%C3%BCcher.example',
      text: contact,
    });
  });

  it.each([
    ['pages/asked.hbs', 2, 'site.mailFrom'],
    ['partials/page.hbs', 3, 'site.name'],
    ['pages/layout.hbs', 11, 'site.name'],
  ])(
    'take no name that the program does not give, and say where it is: %s',
    (name, line, right) => {
      const templates = tempFolder();
      cpSync('templates', templates, { recursive: true });
      const file = join(templates, name);
      writeFileSync(file, readFileSync(file, 'utf8').replace(right, 'site.nmae'));
      const spoiled = createPages(templates, aSite());
      expect(() => spoiled.fill('asked')).toThrow(TemplateError);
      expect(() => spoiled.fill('asked')).toThrow(`${file}:${line}: there is no “nmae” here`);
    },
  );
});

describe('what a reader can do', () => {
  const plain = somePages();

  it('after leaving: take it back, and say why', () => {
    const html = plain.fill('left', { undoPath: '/undo/t', whyPath: '/why/t' });
    expect(html).toContain('<form method="post" action="/undo/t">');
    expect(html).toContain('method="post" action="/why/t"');
    const reasons = [...html.matchAll(/name="why" value="([^"]+)"/g)].map(([, value]) => value);
    expect(reasons).toEqual(['too-many', 'not-for-me', 'did-not-ask', 'other']);
  });

  it('with preferences: choose, pause, leave, and ask for a link', () => {
    const page = { ...preferences, path: '/preferences/t', done: null, problem: null };
    const html = plain.fill('preferences', page);
    expect(html).toContain('name="frequency" value="weekly" checked');
    expect(html).not.toContain('value="daily" checked');
    expect(html).toMatch(/name="pause" value="2025-09-20" min="2025-09-04" max="2026-09-03"/);
    const actions = [...html.matchAll(/method="post" action="([^"]+)"/g)].map(([, to]) => to);
    const base = '/preferences/t';
    expect(actions).toEqual([base, `${base}/leave`, `${base}/manage`]);
    expect(plain.fill('preferences', { ...page, pausedUntil: null })).toContain(
      'name="pause" value=""',
    );
  });

  it('with a fresh link: change the address, download, be forgotten', () => {
    const html = plain.fill('manage', {
      path: '/manage/t',
      address: 'ada@example.org',
      problem: null,
    });
    const actions = [...html.matchAll(/method="post" action="([^"]+)"/g)].map(([, to]) => to);
    expect(actions).toEqual(['/manage/t/address', '/manage/t/forget']);
    expect(readHtml(html).links).toContainEqual({ href: '/manage/t/data', text: 'Download' });
  });

  it('is told what is wrong next to where it is wrong', () => {
    for (const html of [
      plain.fill('preferences', { ...preferences, problem: 'Not a day.' }),
      plain.fill('manage', { path, address: 'a', problem: 'Not a day.' }),
    ]) {
      expect(html).toMatch(
        /<input[^>]*aria-describedby="[^"]*problem"[^>]*aria-invalid="true"|<input[^>]*aria-invalid="true"[^>]*aria-describedby="problem"/,
      );
      expect(html).toContain('<p class="problem" id="problem" role="alert">Not a day.</p>');
    }
  });
});

describe('the inbox', () => {
  it('says so when it is empty', () => {
    expect(fill('inbox', { mails: [] })).toContain('Nothing has arrived yet.');
  });

  it('shows a mail in a frame that may run nothing', () => {
    const html = fill('mail', { ...mail, path: '/1' });
    expect(html).toMatch(/<iframe sandbox="[^"]*" src="\/1\/html"/);
    expect(html).not.toMatch(/allow-(?:scripts|same-origin|forms|top)/);
  });
});
