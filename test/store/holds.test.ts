import { expect, it } from 'vitest';
import { hasOtherDomain, heldBack, holdDomain, holdsOf } from '../../src/store/holds.ts';
import { addReaders, publishEdition, startApp } from '../support/app.ts';
import { hours, morning } from '../support/runtime.ts';

const big = ['ada@big.example', 'emmy@big.example'];
const others = ['ada@notbig.example', 'ada@big.example.org', 'ada@sub.big.example'];

async function withReaders(addresses: readonly string[]) {
  const app = await startApp();
  await addReaders(app, addresses);
  return { db: app.db, edition: await publishEdition(app) };
}

const hold = { domain: 'big.example', reply: '550 5.7.515 No', until: morning + hours(1) };

it('holds the waiting readers of a domain back, and nobody else', async () => {
  const { db, edition } = await withReaders([...big, ...others]);
  await holdDomain(db, edition, hold);
  const rows = await db.selectFrom('deliveries').select(['state', 'dueAt', 'reply']).execute();
  const due = hold.until + 60_000;
  const held = { state: 'deferred', dueAt: due, reply: 'its domain refuses us: 550 5.7.515 No' };
  const untouched = { state: 'queued', dueAt: 0, reply: null };
  expect(rows).toEqual([held, held, untouched, untouched, untouched]);
  expect(await heldBack(db, edition, morning)).toEqual([{ ...hold, readers: 2 }]);
});

it('holds a domain anew, and remembers it when that is over', async () => {
  const { db, edition } = await withReaders(big);
  await holdDomain(db, edition, hold);
  const later = { ...hold, reply: '550 5.7.1 Still not', until: hold.until + hours(1) };
  await holdDomain(db, edition, later);
  expect(await heldBack(db, edition, hold.until)).toEqual([{ ...later, readers: 2 }]);
  expect(await heldBack(db, edition, later.until)).toEqual([]);
  expect(await holdsOf(db, edition)).toEqual([later]);
});

it('knows whether an edition has readers elsewhere', async () => {
  const all = await withReaders([...big, ...others]);
  expect(await hasOtherDomain(all.db, all.edition, 'big.example')).toBe(true);
  const one = await withReaders(big);
  expect(await hasOtherDomain(one.db, one.edition, 'big.example')).toBe(false);
  await one.db
    .updateTable('subscribers')
    .set({ addressKey: 'x@other.example' })
    .where('id', '=', 2)
    .execute();
  expect(await hasOtherDomain(one.db, one.edition, 'big.example')).toBe(true);
});
