import { describe, expect, it } from 'vitest';
import { addReaders, publishEdition, startApp } from '../../support/app.ts';
import { linkFor, statusOf } from '../../support/reader.ts';
import { posted, webOf } from '../../support/web.ts';

async function visit() {
  const app = await startApp();
  await addReaders(app, ['ada@example.org']);
  const web = webOf(app);
  const ask = async (path: string, how: RequestInit = {}) => {
    const answer = await web.request(path, how);
    return { status: answer.status, page: await answer.text() };
  };
  return { app, ask, token: await linkFor(app, 'unsubscribe') };
}

const oneClick = posted({ 'List-Unsubscribe': 'One-Click' });

/** What mail programs were seen to leave at the ends of a link. */
const behind = [
  ...['.', ')', '>', ']', ',', ';', '"', "'", '”', '。', '=', '=3D', '=3D=', '/', '//', '*', '|'],
  ...[' ', '\t', '%0A', '%0D%0A', '%C2%A0', '%E2%80%8B', '%FF', '%2E', '%29.', '%3E', '%5D', '%2F'],
  ...['&amp;', '&amp;utm_source=mail', '&utm_source=mail', '?utm_source=mail', '%3Futm_source=x'],
  ...['%3D', '%253D', '%', '>.', ').', '&gt;', '%26gt%3B', '</a>', '%20Unsubscribe', '\\'],
];
const before = ['=3D', '%3D', '%3C', '<', '"', ' ', '%20', '%2520', '/', '%E2%80%9C', '(', '%'];
const ornamented = (token: string) => [
  token,
  ...behind.map(more => token + more),
  ...before.map(more => more + token),
  `<${token}>.`,
  token.replace(/[-_]/g, character => (character === '-' ? '%2D' : '%5F')),
];

/** A token with one byte wrong: another, none, or another letter. */
function damaged(token: string): Set<string> {
  const all = [...token].flatMap((letter, at) => {
    const flipped = Array.from({ length: 8 }, (_, bit) => letter.charCodeAt(0) ^ (1 << bit));
    const others = [
      ...flipped.map(code => String.fromCharCode(code)),
      ...[
        '',
        ...'.-_=/A %',
        letter.toLowerCase(),
        letter + letter,
        ...(at > 0 ? [`=\r\n${letter}`] : []),
      ],
    ];
    const [front, back] = [token.slice(0, at), token.slice(at + 1)];
    return others.flatMap(other => [
      front + other + back,
      front + encodeURIComponent(other) + back,
    ]);
  });
  const cut = [...token].map((_, at) => token.slice(0, at));
  return new Set([...all, ...cut].filter(text => !ornamented(token).includes(text)));
}

describe('a damaged link to leave', () => {
  it('never says that one is off the list who is not, and always how to leave', async () => {
    const { app, ask, token } = await visit();
    const all = damaged(token);
    expect(all.size).toBeGreaterThan(42 * 20);
    const pages = new Set<string>();
    for (const text of all) {
      for (const how of [{}, { method: 'POST' }, oneClick]) {
        const { status, page } = await ask(`/unsubscribe/${text}`, how);
        expect(status, text).toBe(400);
        pages.add(page);
      }
    }
    expect(await statusOf(app)).toBe('active');
    expect(pages.size).toBe(1);
    const [page = ''] = pages;
    expect(page).not.toMatch(/unsubscribed/i);
    expect(page).toContain('This link is incomplete');
    expect(page).toContain('papers@news.example.org?subject=unsubscribe');
  });

  it('is answered alike when nothing of it came through', async () => {
    const { ask } = await visit();
    const { page } = await ask('/unsubscribe/x');
    for (const path of ['/unsubscribe', '/unsubscribe/', '/unsubscribe/%E0%A4', '/unsubscribe?x']) {
      expect(await ask(path), path).toEqual({ status: 400, page });
    }
  });

  it('leaves nobody by a link that is for something else', async () => {
    const { app, ask } = await visit();
    for (const purpose of ['confirm', 'undo', 'manage', 'change'] as const) {
      const path = `/unsubscribe/${await linkFor(app, purpose)}`;
      expect((await ask(path)).status).toBe(400);
      expect((await ask(path, oneClick)).status).toBe(400);
    }
    expect(await statusOf(app)).toBe('active');
  });
});

describe('a whole link', () => {
  it('to leave asks and acts, whatever a mail program put around it', async () => {
    const { app, ask, token } = await visit();
    const form = `<form method="post" action="/unsubscribe/${token}">`;
    for (const text of ornamented(token)) {
      await app.list.unsuppress('ada@example.org');
      expect((await ask(`/unsubscribe/${text}`)).page, text).toContain(form);
      expect(await statusOf(app)).toBe('active');
      const { status, page } = await ask(`/unsubscribe/${text}`, oneClick);
      expect([status, page], text).toEqual([200, expect.stringContaining('You are unsubscribed')]);
      expect(await statusOf(app), text).toBe('unsubscribed');
    }
  });

  it.each(['confirm', 'preferences', 'manage', 'change', 'undo', 'why'] as const)(
    'to %s works with them, too',
    async purpose => {
      const { app, ask } = await visit();
      await publishEdition(app);
      const preferences = await linkFor(app, 'preferences');
      if (purpose === 'manage') await ask(`/preferences/${preferences}/manage`, posted());
      const token = await linkFor(app, purpose === 'why' ? 'undo' : purpose);
      const how = ['undo', 'why'].includes(purpose) ? posted({ why: 'other' }) : {};
      const right = await ask(`/${purpose}/${token}`, how);
      for (const text of ornamented(token)) {
        expect(await ask(`/${purpose}/${text}`, how), text).toEqual(right);
      }
    },
  );
});
