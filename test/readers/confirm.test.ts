import { describe, expect, it } from 'vitest';
import { confirm, confirmState, renewLink, settleSignUps } from '../../src/readers/sign-up.ts';
import { expireEditions, finishEdition, getEdition } from '../../src/store/editions.ts';
import { leave } from '../../src/store/leaving.ts';
import { findSubscriber } from '../../src/store/subscribers.ts';
import { addReaders, publishEdition, startApp, statesOf, type TestApp } from '../support/app.ts';
import { join, linkFor, noticesOf, statusOf } from '../support/reader.ts';
import { days, hours, morning } from '../support/runtime.ts';

async function asked(): Promise<{ app: TestApp; link: string }> {
  const app = await startApp();
  await join(app);
  return { app, link: await linkFor(app, 'confirm') };
}

describe('confirming', () => {
  it('puts the reader on the list; twice is as once', async () => {
    const { app, link } = await asked();
    expect(await confirmState(app, link)).toBe('asks');
    expect(await confirm(app, link)).toEqual({ state: 'done', now: false });
    expect(await statusOf(app)).toBe('active');
    expect(await confirm(app, link)).toEqual({ state: 'done', now: false });
    expect(await noticesOf(app)).toEqual(['confirm', 'welcome']);
  });

  it('sends the latest daily edition at once, also one that was sent to its end', async () => {
    const { app, link } = await asked();
    const edition = await publishEdition(app);
    await app.db.updateTable('editions').set({ status: 'sent', finishedAt: morning }).execute();
    expect(await confirm(app, link)).toEqual({ state: 'done', now: true });
    expect(await statesOf(app, edition)).toEqual({ queued: 1 });
    const stored = await app.db.selectFrom('editions').selectAll().executeTakeFirstOrThrow();
    expect(stored).toMatchObject({ status: 'sending', expiresAt: morning + hours(24) });
    expect(await noticesOf(app)).toEqual(['confirm']);
  });

  it('brings the first mail also where the edition ends, or expires, just then', async () => {
    const { app, link } = await asked();
    const edition = await publishEdition(app);
    await confirm(app, link);
    await finishEdition(app.db, edition, morning);
    expect((await getEdition(app.db, edition))?.status).toBe('sending');
    await expireEditions(app.db, morning + days(2));
    expect((await getEdition(app.db, edition))?.status).toBe('expired');
    expect(await statesOf(app, edition)).toEqual({ failed: 1 });
  });

  it('sends the latest edition also to who left before it came to them', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const edition = await publishEdition(app);
    await leave(app.db, 1, 'left', morning);
    expect(await statesOf(app, edition)).toEqual({ skipped: 1 });
    await join(app);
    expect(await confirm(app, await linkFor(app, 'confirm'))).toEqual({ state: 'done', now: true });
    expect(await statesOf(app, edition)).toEqual({ queued: 1 });
  });

  it('promises no mail now to who has the latest edition already', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    const edition = await publishEdition(app);
    await app.db.updateTable('deliveries').set({ state: 'sent' }).execute();
    await leave(app.db, 1, 'left', morning);
    await join(app);
    const again = await confirm(app, await linkFor(app, 'confirm'));
    expect(again).toEqual({ state: 'done', now: false });
    expect(await statesOf(app, edition)).toEqual({ sent: 1 });
    expect(await noticesOf(app)).toEqual(['confirm']);
  });

  it('ends a pause from before the reader left', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    await app.db
      .updateTable('subscribers')
      .set({ pausedUntil: morning + days(300) })
      .execute();
    await leave(app.db, 1, 'left', morning);
    await join(app);
    await confirm(app, await linkFor(app, 'confirm'));
    expect(await findSubscriber(app.db, 'ada@example.org')).toMatchObject({ pausedUntil: null });
  });

  it('lifts what the reader had left by themselves', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    await leave(app.db, 1, 'left', morning);
    await join(app);
    await confirm(app, await linkFor(app, 'confirm'));
    expect(await statusOf(app)).toBe('active');
    expect(await app.db.selectFrom('suppressions').selectAll().execute()).toEqual([]);
  });

  it('is over after seven days, and a fresh link may be had', async () => {
    const { app, link } = await asked();
    app.runtime.time += days(7);
    expect(await confirmState(app, link)).toBe('renewable');
    expect(await confirm(app, link)).toEqual({ state: 'renewable' });
    expect(await statusOf(app)).toBe('pending');
    await renewLink(app, link);
    expect(await settleSignUps(app.db, app.runtime)).toBe(1);
    expect(await confirm(app, link)).toMatchObject({ state: 'done' });
  });

  it('is over once the reader left again: an old link brings nobody back', async () => {
    const { app, link } = await asked();
    await confirm(app, link);
    await leave(app.db, 1, 'left', morning);
    expect(await confirm(app, link)).toEqual({ state: 'renewable' });
    expect(await statusOf(app)).toBe('unsubscribed');
  });

  it('takes no other token, and none of a reader who was forgotten', async () => {
    const { app, link } = await asked();
    for (const purpose of ['unsubscribe', 'preferences', 'undo', 'manage', 'change'] as const) {
      expect(await confirm(app, await linkFor(app, purpose))).toEqual({ state: 'over' });
    }
    expect(await confirm(app, 'x')).toEqual({ state: 'over' });
    await app.list.forget('ada@example.org');
    expect(await confirm(app, link)).toEqual({ state: 'over' });
    expect(await statusOf(app)).toBeUndefined();
  });
});
