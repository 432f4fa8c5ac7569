import { describe, expect, it } from 'vitest';
import { leaveByToken } from '../../src/readers/leave-link.ts';
import { makeToken, type Purpose } from '../../src/readers/token.ts';
import { getSubscriber } from '../../src/store/subscribers.ts';
import { addReaders, startApp } from '../support/app.ts';
import { morning } from '../support/runtime.ts';

async function oneReader() {
  const app = await startApp();
  await addReaders(app, ['ada@example.org']);
  const [key] = app.linkKeys;
  const token = (purpose: Purpose = 'unsubscribe', id = 1, counter = 0) =>
    makeToken(key, purpose, id, counter);
  const use = (text: string, keys = app.linkKeys) => leaveByToken(app.db, keys, text, morning);
  const status = async () => (await getSubscriber(app.db, 1))?.status;
  return { app, token, use, status, key };
}

describe('the link to leave', () => {
  it('ends the subscription, and a second click changes nothing', async () => {
    const { token, use, status } = await oneReader();
    await use(token());
    expect(await status()).toBe('unsubscribed');
    await use(token());
    expect(await status()).toBe('unsubscribed');
  });

  it('works for ever, also after its key was retired', async () => {
    const { token, use, status, key } = await oneReader();
    await use(token(), [{ ...key, retired: true }]);
    expect(await status()).toBe('unsubscribed');
  });

  it('does nothing with a token for something else', async () => {
    const { token, use, status } = await oneReader();
    for (const purpose of ['manage', 'change', 'confirm', 'undo'] as const) {
      expect(await use(token(purpose))).toBeNull();
    }
    expect(await status()).toBe('active');
  });

  it('goes on working in old mails after the reader’s address was changed', async () => {
    const { app, token, use, status } = await oneReader();
    await app.db.updateTable('subscribers').set({ tokenCounter: 1 }).execute();
    expect(await use(token('unsubscribe', 1, 2))).toBeNull();
    expect(await use(token('preferences', 1, 0))).toBeNull();
    expect(await status()).toBe('active');
    await use(token('unsubscribe', 1, 0));
    expect(await status()).toBe('unsubscribed');
  });

  it.each(['', 'x', 'A'.repeat(42), '../../etc/passwd'])('is not %j', async text => {
    const { use, status } = await oneReader();
    expect(await use(text)).toBeNull();
    expect(await status()).toBe('active');
  });

  it('is silent about a reader who was forgotten', async () => {
    const { app, token, use } = await oneReader();
    await app.list.forget('ada@example.org');
    await expect(use(token())).resolves.toHaveLength(42);
  });
});
