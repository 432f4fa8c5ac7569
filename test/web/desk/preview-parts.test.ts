import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../../src/mail/render/templates.ts';
import { choiceQuery, readChoice } from '../../../src/web/desk/choices.ts';
import { frameHtml, framePolicy, readView, views } from '../../../src/web/desk/frames.ts';
import { createLive, watchFiles } from '../../../src/web/desk/live.ts';
import { troubleOf } from '../../../src/web/desk/preview-session.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { awaitCalls } from './calls.ts';

describe('what is chosen', () => {
  it('is read from a query and written as one', () => {
    for (const query of [
      { edition: 'papers', kind: 'daily' },
      { edition: 'stored-12', kind: 'weekly' },
      { edition: 'day-2025-09-03', kind: 'manual', date: '2025-09-04' },
    ]) {
      expect(choiceQuery(readChoice(query))).toEqual(query);
    }
    expect(views.map(readView)).toEqual(views);
  });

  it('is today’s papers for daily readers where a query says nothing that can be read', () => {
    const query = { edition: 'day-2025-02-30', kind: 'hourly', date: 'x' };
    expect(readChoice(query)).toEqual({ what: 'papers', kind: 'daily', date: null });
    expect(readView('<b>')).toBe('desktop');
  });
});

describe('a mail in its frame', () => {
  const html =
    '<html><head><meta name="color-scheme" content="light dark"><style>:root { color-scheme:light dark; }\n@media (prefers-color-scheme:dark) { p { color:#fff } }</style></head><body>(prefers-color-scheme:dark)</body></html>';

  it('has its dark styles in the dark view alone, whatever the screen is set to', () => {
    expect(frameHtml(html, 'dark')).toContain('@media (min-width:0px) { p');
    expect(frameHtml(html, 'dark')).toContain('color-scheme:dark;');
    for (const view of views.filter(one => one !== 'dark')) {
      expect(frameHtml(html, view)).toContain('@media (max-width:0px) { p');
      expect(frameHtml(html, view)).toContain('content="light"');
    }
  });

  it('keeps what its words say, and opens its links outside', () => {
    expect(frameHtml(html, 'dark')).toContain('<body>(prefers-color-scheme:dark)</body>');
    expect(frameHtml(html, 'desktop')).toContain('<head><base target="_blank">');
  });

  it('may run nothing, and shows no images where that is looked at', () => {
    for (const view of views) {
      expect(framePolicy(view, 'measured')).toMatch(/^sandbox allow-same-origin /);
      expect(framePolicy(view, 'strict')).not.toMatch(/allow-same-origin/);
      for (const sandbox of ['measured', 'strict'] as const) {
        expect(framePolicy(view, sandbox)).toContain("default-src 'none'");
        expect(framePolicy(view, sandbox)).not.toMatch(/allow-scripts|allow-forms|script-src/);
      }
    }
    expect(framePolicy('no-images', 'strict')).toContain("img-src 'none'");
  });
});

describe('what is wrong', () => {
  it('is shown with the lines around it', () => {
    const file = join(tempFolder(), 'a.hbs');
    writeFileSync(file, 'one\ntwo\n{{three\nfour\nfive\nsix\n');
    const trouble = troubleOf(new TemplateError({ file, line: 3 }, 'cannot be read'));
    expect(trouble).toMatchObject({ what: 'cannot be read', place: `${file}:3` });
    expect(
      trouble.lines.map(({ number, text, here }) => `${number} ${text}${here ? ' <' : ''}`),
    ).toEqual(['1 one', '2 two', '3 {{three <', '4 four', '5 five']);
  });

  it('is only said where no file is named', () => {
    const message = 'https://papers.test/: there is no host of that name';
    expect(troubleOf(new Error(message))).toEqual({ what: message, place: null, lines: [] });
  });
});

describe('watching', () => {
  it('tells of files that change, are put in the place of others, or come in a new folder', async () => {
    const folder = tempFolder();
    const calls = awaitCalls();
    const watching = watchFiles(() => [{ folder }], calls.call);
    for (const name of ['a.hbs', 'a.hbs', 'new/b.hbs', 'new/b.hbs']) {
      const change = calls.next();
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), 'x');
      await change;
    }
    watching.close();
  });

  it('of one file is not told of its neighbours', async () => {
    const folder = tempFolder();
    const changes: string[] = [];
    const calls = awaitCalls();
    const first = calls.next();
    const one = watchFiles(
      () => [{ folder, file: '.env' }],
      () => changes.push('.env'),
    );
    const all = watchFiles(
      () => [{ folder }],
      () => {
        changes.push('any');
        calls.call();
      },
    );
    writeFileSync(join(folder, 'other'), 'x');
    await first;
    expect(changes).toEqual(['any']);
    one.close();
    all.close();
  });
});

describe('telling pages', () => {
  it('begins with the version that is current, and tells of each change', async () => {
    const live = createLive('run');
    live.changed();
    const reader = live.stream().body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await read()).toBe('retry: 500\n');
    expect(await read()).toBe('data: run-1\n\n');
    live.changed();
    expect(await read()).toBe('data: run-2\n\n');
    live.close();
    expect((await reader?.read())?.done).toBe(true);
  });
});
