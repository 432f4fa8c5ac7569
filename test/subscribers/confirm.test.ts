import { describe, expect, it } from 'vitest';
import { leave } from '../../src/store/leaving.ts';
import { confirm, confirmState, renewLink } from '../../src/subscribers/confirm.ts';
import { settleSignUps } from '../../src/subscribers/sign-up.ts';
import { addReaders, publishEdition, startApp, statesOf, type TestApp } from '../support/app.ts';
import { join, linkFor, noticesOf, statusOf } from '../support/reader.ts';
import { hours, morning } from '../support/runtime.ts';

const days = (count: number) => hours(24 * count);

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
    await app.db.updateTable('editions').set({ status: 'sent', finished_at: morning }).execute();
    expect(await confirm(app, link)).toEqual({ state: 'done', now: true });
    expect(await statesOf(app, edition)).toEqual({ queued: 1 });
    const stored = await app.db.selectFrom('editions').selectAll().executeTakeFirstOrThrow();
    expect(stored).toMatchObject({ status: 'sending', expires_at: morning + hours(24) });
    expect(await noticesOf(app)).toEqual(['confirm']);
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
