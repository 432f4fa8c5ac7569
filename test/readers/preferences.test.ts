import { describe, expect, it } from 'vitest';
import { leaveByToken, undoByToken } from '../../src/readers/leave-link.ts';
import {
  askToChange,
  changeOf,
  choose,
  confirmChange,
  dataOf,
  forgetByToken,
  managerOf,
  sendManageLink,
} from '../../src/readers/preferences.ts';
import { createHousekeeping } from '../../src/readers/sign-up.ts';
import { makeToken } from '../../src/readers/token.ts';
import { suppressionKey } from '../../src/store/settings.ts';
import { addReaders, publishEdition, startApp, statesOf, type TestApp } from '../support/app.ts';
import { anAddress, join, linkFor, noticesOf, statusOf } from '../support/reader.ts';
import { hours, morning } from '../support/runtime.ts';

async function withReader() {
  const app = await startApp();
  await addReaders(app, ['ada@example.org']);
  return app;
}

/** Leaves by the link in a mail. @returns the way back. */
async function leaves(app: TestApp): Promise<string> {
  const link = await linkFor(app, 'unsubscribe');
  return (
    (await leaveByToken(app.db, app.linkKeys, link, morning)) ?? expect.fail('no link to leave')
  );
}

/** Asks for another address; the link that its owner is mailed. */
async function asksFor(app: TestApp, address: string): Promise<string> {
  await sendManageLink(app, await linkFor(app, 'preferences'));
  const reader = await managerOf(app, await linkFor(app, 'manage'));
  if (!reader) throw new Error('the fresh link is not good');
  await askToChange(app, await suppressionKey(app.db, app.runtime), reader, anAddress(address));
  const row = await app.db.selectFrom('addressChanges').select('id').executeTakeFirstOrThrow();
  return makeToken(app.linkKeys[0], 'change', row.id, 0);
}

describe('what a reader chooses', () => {
  it('is kept, and a pause skips what waits for them', async () => {
    const app = await withReader();
    const edition = await publishEdition(app);
    const pausedUntil = morning + hours(48);
    const link = await linkFor(app, 'preferences');
    expect(await choose(app, link, { frequency: 'weekly', pausedUntil })).toMatchObject({
      frequency: 'weekly',
      pausedUntil,
    });
    expect(await statesOf(app, edition)).toEqual({ skipped: 1 });
  });

  it('is not for who holds another link', async () => {
    const app = await withReader();
    for (const purpose of ['unsubscribe', 'confirm', 'undo', 'manage'] as const) {
      const link = await linkFor(app, purpose);
      expect(await choose(app, link, { frequency: 'weekly', pausedUntil: null })).toBeNull();
    }
  });
});

describe('the undo after leaving', () => {
  it('brings the reader back, and what was skipped for it', async () => {
    const app = await withReader();
    const edition = await publishEdition(app);
    const undo = await leaves(app);
    expect(await statesOf(app, edition)).toEqual({ skipped: 1 });
    await undoByToken(app.db, app.linkKeys, undo, morning);
    expect(await statusOf(app)).toBe('active');
    expect(await statesOf(app, edition)).toEqual({ queued: 1 });
  });

  it('brings nobody back whom the editor removed, or after a week', async () => {
    const app = await withReader();
    await app.list.remove('ada@example.org', 'editor');
    await undoByToken(app.db, app.linkKeys, await linkFor(app, 'undo'), morning);
    expect(await statusOf(app)).toBe('unsubscribed');
    await app.list.unsuppress('ada@example.org');
    const undo = await leaves(app);
    await undoByToken(app.db, app.linkKeys, undo, morning + hours(24 * 7));
    expect(await statusOf(app)).toBe('unsubscribed');
  });
});

describe('a fresh link', () => {
  it('is mailed once in ten minutes and good for a day', async () => {
    const app = await withReader();
    expect(await managerOf(app, await linkFor(app, 'manage'))).toBeNull();
    for (let ask = 0; ask < 3; ask += 1)
      await sendManageLink(app, await linkFor(app, 'preferences'));
    expect(await noticesOf(app)).toEqual(['manage']);
    const link = await linkFor(app, 'manage');
    expect(await managerOf(app, link)).toMatchObject({ address: 'ada@example.org' });
    app.runtime.time += hours(24);
    expect(await managerOf(app, link)).toBeNull();
  });

  it('is not made good again by a later one: who found an old mail asks in vain', async () => {
    const app = await withReader();
    await sendManageLink(app, await linkFor(app, 'preferences'));
    const old = await linkFor(app, 'manage');
    app.runtime.time += hours(48);
    await sendManageLink(app, await linkFor(app, 'preferences'));
    expect(await managerOf(app, old)).toBeNull();
    expect(await managerOf(app, await linkFor(app, 'manage'))).not.toBeNull();
  });

  it('shows all that is kept', async () => {
    const app = await withReader();
    await publishEdition(app);
    await sendManageLink(app, await linkFor(app, 'preferences'));
    expect(await dataOf(app, await linkFor(app, 'manage'))).toMatchObject({
      subscriber: {
        address: 'ada@example.org',
        status: 'active',
        since: '2025-09-03T08:00:00.000Z',
        addressAskedFor: null,
      },
      editions: [{ kind: 'daily', date: '2025-09-03', state: 'queued', sent: null }],
      notices: [{ purpose: 'manage' }],
    });
  });

  it('shows the address, too, that one asked for and did not confirm', async () => {
    const app = await withReader();
    await asksFor(app, 'lovelace@example.org');
    expect(await dataOf(app, await linkFor(app, 'manage'))).toMatchObject({
      subscriber: { addressAskedFor: 'lovelace@example.org' },
    });
  });

  it('forgets: the rows are gone, the keyed hash stays', async () => {
    const app = await withReader();
    await asksFor(app, 'lovelace@example.org');
    expect(await forgetByToken(app, await linkFor(app, 'manage'))).toBe(true);
    for (const table of ['subscribers', 'notices', 'addressChanges'] as const) {
      expect(await app.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
    expect(await app.db.selectFrom('suppressions').select('reason').execute()).toEqual([
      { reason: 'forgotten' },
    ]);
  });
});

describe('changing the address', () => {
  it('waits for the owner of the new one; links in old mails still unsubscribe, and no more', async () => {
    const app = await withReader();
    const [unsubscribe, preferences] = [
      await linkFor(app, 'unsubscribe'),
      await linkFor(app, 'preferences'),
    ];
    const link = await asksFor(app, 'Lovelace@example.org');
    expect(await statusOf(app, 'lovelace@example.org')).toBeUndefined();
    expect(await confirmChange(app, link)).toBe(true);
    expect(await statusOf(app, 'lovelace@example.org')).toBe('active');
    expect(await confirmChange(app, link)).toBe(false);
    expect(await choose(app, preferences, { frequency: 'weekly', pausedUntil: null })).toBeNull();
    await leaveByToken(app.db, app.linkKeys, unsubscribe, morning);
    expect(await statusOf(app, 'lovelace@example.org')).toBe('unsubscribed');
  });

  it('by the link of an earlier wish does nothing', async () => {
    const app = await withReader();
    const first = await asksFor(app, 'lovelace@example.org');
    app.runtime.time += hours(1);
    await asksFor(app, 'stranger@example.org');
    expect(await confirmChange(app, first)).toBe(false);
    expect(await statusOf(app, 'stranger@example.org')).toBeUndefined();
  });

  it('to another reader’s address is not done', async () => {
    const app = await withReader();
    await addReaders(app, ['emmy@example.org']);
    expect(await confirmChange(app, await asksFor(app, 'emmy@example.org'))).toBe(false);
    expect(await statusOf(app)).toBe('active');
  });

  it('asked for twice is as once: the link that was mailed stays good', async () => {
    const app = await withReader();
    const link = await asksFor(app, 'lovelace@example.org');
    await asksFor(app, 'lovelace@example.org');
    expect(await confirmChange(app, link)).toBe(true);
  });

  it('is void once the reader left', async () => {
    const app = await withReader();
    const link = await asksFor(app, 'lovelace@example.org');
    await leaveByToken(app.db, app.linkKeys, await linkFor(app, 'unsubscribe'), morning);
    expect(await changeOf(app, link)).toBeNull();
    expect(await confirmChange(app, link)).toBe(false);
  });

  it('keeps a list that still names the old one from mailing it again', async () => {
    const app = await withReader();
    await confirmChange(app, await asksFor(app, 'lovelace@example.org'));
    await addReaders(app, ['ada@example.org']);
    expect(await statusOf(app)).toBeUndefined();
    expect(await join(app)).toBe(1);
  });

  it('may be to one that the reader had signed up before, and not confirmed', async () => {
    const app = await withReader();
    await join(app, 'lovelace@example.org');
    app.runtime.time += hours(2);
    expect(await confirmChange(app, await asksFor(app, 'lovelace@example.org'))).toBe(true);
    expect(await statusOf(app, 'lovelace@example.org')).toBe('active');
  });

  it('is forgotten after a month where nobody confirmed it', async () => {
    const app = await withReader();
    await asksFor(app, 'stranger@example.org');
    app.runtime.time += hours(24 * 31);
    await createHousekeeping(app.db, app.runtime)();
    expect(await app.db.selectFrom('addressChanges').select('id').execute()).toEqual([]);
  });

  it('mails the new address no more than a sign-up does', async () => {
    const app = await withReader();
    for (let ask = 0; ask < 5; ask += 1) await asksFor(app, 'stranger@example.org');
    expect((await noticesOf(app)).filter(purpose => purpose === 'change')).toHaveLength(1);
  });
});
