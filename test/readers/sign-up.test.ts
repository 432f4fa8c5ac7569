import { describe, expect, it } from 'vitest';
import { readPerson } from '../../src/readers/list.ts';
import { confirm, decideSignUp, settleSignUps, signUp } from '../../src/readers/sign-up.ts';
import { leave } from '../../src/store/leaving.ts';
import type { SubscriberStatus, SuppressionReason } from '../../src/store/schema.ts';
import { suppressionKey } from '../../src/store/settings.ts';
import { findSubscriber, getSubscriber } from '../../src/store/subscribers.ts';
import { addReaders, startApp } from '../support/app.ts';
import { anAddress, join, linkFor, noticesOf, statusOf } from '../support/reader.ts';
import { days, minutes, morning } from '../support/runtime.ts';

describe('what a sign-up comes to', () => {
  const decide = (
    status: SubscriberStatus | null,
    reason: SuppressionReason | null = null,
    since = morning,
  ) => {
    const suppressed = reason && { reason, since };
    return decideSignUp({ subscriberId: 1, status, suppressed }, morning);
  };

  it.each([
    [null, null, 'invite'],
    ['pending', null, 'invite'],
    ['guest', null, 'invite'],
    ['active', null, 'remind'],
    ['unsubscribed', 'left', 'invite'],
    [null, 'forgotten', 'invite'],
    ['complained', 'complained', 'ignore'],
    ['unsubscribed', 'editor', 'ignore'],
    [null, 'editor', 'ignore'],
    ['bounced', 'bounced', 'ignore'],
  ] as const)('where the address is %s and suppressed as %s: %s', (status, reason, decision) => {
    expect(decide(status, reason)).toBe(decision);
  });

  it('is an invitation 90 days after the address bounced', () => {
    expect(decide('bounced', 'bounced', morning - days(90))).toBe('invite');
    expect(decide('bounced', 'bounced', morning - days(90) + 1)).toBe('ignore');
  });
});

describe('signing up', () => {
  it('makes the address pending and asks it to confirm', async () => {
    const app = await startApp();
    expect(await join(app, 'Ada@Example.org', 'weekly')).toBe(1);
    expect(await findSubscriber(app.db, 'ada@example.org')).toMatchObject({
      address: 'Ada@example.org',
      status: 'pending',
      frequency: 'weekly',
      source: 'web',
    });
    expect(await noticesOf(app)).toEqual(['confirm']);
  });

  it('mails an address once an hour and three times a week, whoever asks and however often', async () => {
    const app = await startApp();
    for (let minute = 0; minute < 70; minute += 10) {
      await join(app);
      app.runtime.time += minutes(10);
    }
    expect(await noticesOf(app)).toHaveLength(2);
    for (let day = 0; day < 6; day += 1) {
      app.runtime.time += days(1);
      await join(app);
    }
    expect(await noticesOf(app)).toHaveLength(3);
    app.runtime.time += days(1);
    await join(app);
    expect(await noticesOf(app)).toHaveLength(4);
  });

  it('locks nobody out where the clock was set back since', async () => {
    const app = await startApp();
    app.runtime.time += days(365);
    await join(app);
    app.runtime.time = morning;
    expect(await join(app)).toBe(1);
    expect(await join(app)).toBe(0);
  });

  it('lets others have their turn while many are decided', async () => {
    const app = await startApp();
    const key = await suppressionKey(app.db, app.runtime);
    for (let at = 0; at < 5; at += 1) {
      const address = anAddress(`reader${at}@example.org`);
      await signUp(app.db, app.runtime, key, { address, frequency: 'daily' });
    }
    let turns = 0;
    const turn = () => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await settleSignUps(app.db, app.runtime);
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it('tells who is on the list so, and changes nothing of theirs', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    await join(app, 'ADA@example.org', 'weekly');
    expect(await noticesOf(app)).toEqual(['already']);
    expect(await findSubscriber(app.db, 'ada@example.org')).toMatchObject({
      status: 'active',
      frequency: 'daily',
    });
  });

  it('mails nobody whom the editor removed, and leaves no row', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    await app.list.remove('ada@example.org', 'editor');
    expect(await join(app)).toBe(0);
    expect(await statusOf(app)).toBe('unsubscribed');
  });

  it('of who left makes them pending, and they stay suppressed until they confirm', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    await leave(app.db, 1, 'left', morning);
    await join(app);
    expect(await statusOf(app)).toBe('pending');
    expect(await app.db.selectFrom('suppressions').select('reason').execute()).toHaveLength(1);
  });

  it('keeps nobody from what is sent to them by name before they confirm', async () => {
    const app = await startApp();
    await join(app);
    const [id = 0] = await app.list.guests([readPerson('ada@example.org')]);
    expect(await getSubscriber(app.db, id)).toMatchObject({ status: 'guest', source: 'guest' });
    expect(await confirm(app, await linkFor(app, 'confirm'))).toMatchObject({ state: 'done' });
    expect(await statusOf(app)).toBe('active');
  });

  it('of a guest leaves them one, so that what was sent to them by name still arrives', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org']);
    await app.db.updateTable('subscribers').set({ status: 'guest' }).execute();
    await join(app);
    expect(await statusOf(app)).toBe('guest');
    expect(await noticesOf(app)).toEqual(['confirm']);
  });
});
