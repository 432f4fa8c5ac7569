import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addNamed } from '../../src/store/audience.ts';
import type { Database } from '../../src/store/database.ts';
import {
  claimDeliveries,
  makeDue,
  type Outcome,
  recordOutcomes,
  releaseClaims,
  removeWorker,
  renewLease,
  skipRemaining,
  takeOverClaims,
} from '../../src/store/deliveries.ts';
import { finishEdition, getEdition } from '../../src/store/editions.ts';
import { forget, leave } from '../../src/store/leaving.ts';
import {
  commonReplies,
  countDeliveries,
  countDue,
  missingDeliveries,
} from '../../src/store/reports.ts';
import { fillList, startDatabase, storeEdition } from '../support/database.ts';
import { hours, minutes, morning } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';

const editionId = 1;

/** An edition (1) on its way to `count` readers (1, 2, …). */
async function whileSending(count: number, path?: string): Promise<Database> {
  const db = await startDatabase(path === undefined ? {} : { path });
  await fillList(db, count);
  await storeEdition(db, { audience: 'named' });
  const readers = Array.from({ length: count }, (_, at) => at + 1);
  await addNamed(db, editionId, readers, morning + hours(24));
  return db;
}

async function claim(db: Database, workerId: string, limit: number, now = morning) {
  const claims = await claimDeliveries(db, { editionId, workerId, limit, now });
  return claims.map(({ subscriberId }) => subscriberId).sort();
}

type Recorded = Outcome<{ editionId: number; subscriberId: number }>;

function anOutcome(subscriberId: number, values: Partial<Recorded> = {}): Recorded {
  return {
    claim: { editionId, subscriberId },
    state: 'sent',
    dueAt: morning,
    tried: 1,
    lost: 0,
    code: 250,
    enhanced: '2.0.0',
    reply: '250 2.0.0 Ok',
    sentAt: morning,
    ...values,
  };
}

const deferred = (subscriberId: number, dueAt = morning + minutes(5)) =>
  anOutcome(subscriberId, {
    state: 'deferred',
    dueAt,
    code: 451,
    reply: '451 later',
    sentAt: null,
  });

/** Ends the edition if it can. @returns whether it is sent. */
async function finished(db: Database): Promise<boolean> {
  await finishEdition(db, editionId, morning);
  return (await getEdition(db, editionId))?.status === 'sent';
}

async function row(db: Database, subscriberId: number) {
  const { claimedBy, ...rest } = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('subscriberId', '=', subscriberId)
    .executeTakeFirstOrThrow();
  return { ...rest, holder: claimedBy };
}

describe('claiming deliveries', () => {
  it('gives two workers different ones, and none twice', async () => {
    const path = join(tempFolder(), 'papers.db');
    const [one, other] = [await whileSending(10, path), await startDatabase({ path })];
    const claims = await Promise.all([claim(one, 'one', 6), claim(other, 'other', 6)]);
    expect(claims.flat().sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('gives what filling the message takes', async () => {
    const db = await whileSending(1);
    expect(await claimDeliveries(db, { editionId, workerId: 'w', limit: 1, now: morning })).toEqual(
      [
        {
          editionId,
          subscriberId: 1,
          attempts: 0,
          lost: 0,
          address: 'reader1@example.org',
          tokenCounter: 0,
          mailable: true,
        },
      ],
    );
  });

  it('takes what is due only, the longest due first', async () => {
    const db = await whileSending(3);
    await claim(db, 'w', 2);
    await recordOutcomes(db, 'w', [deferred(1, morning + 2), deferred(2, morning + 1)]);
    expect(await claim(db, 'w', 9, morning)).toEqual([3]);
    expect(await claim(db, 'w', 1, morning + 2)).toEqual([2]);
    expect(await claim(db, 'w', 1, morning + 2)).toEqual([1]);
  });

  it('says who may not be mailed any more, looking again', async () => {
    const db = await whileSending(3);
    // Suppressed and inactive without their deliveries being skipped, as by another program.
    await leave(db, 1, 'left', morning);
    await db.updateTable('deliveries').set({ state: 'queued' }).execute();
    await db.updateTable('subscribers').set({ status: 'active' }).where('id', '=', 1).execute();
    await db.updateTable('subscribers').set({ status: 'bounced' }).where('id', '=', 2).execute();
    const claims = await claimDeliveries(db, { editionId, workerId: 'w', limit: 3, now: morning });
    expect(claims.map(({ mailable }) => mailable)).toEqual([false, false, true]);
  });

  it('says so of a reader who was forgotten meanwhile, too', async () => {
    const db = await whileSending(1);
    await claim(db, 'w', 1);
    await forget(db, 1, morning);
    await takeOverClaims(db, morning);
    const [found] = await claimDeliveries(db, { editionId, workerId: 'v', limit: 1, now: morning });
    expect(found).toMatchObject({ mailable: false, address: '' });
  });
});

describe('recording outcomes', () => {
  it('keeps what came of each, in one go', async () => {
    const db = await whileSending(3);
    await claim(db, 'w', 3);
    const failed = anOutcome(3, { state: 'failed', code: 550, enhanced: '5.1.1', sentAt: null });
    expect(await recordOutcomes(db, 'w', [anOutcome(1), deferred(2), failed])).toBe(3);
    expect(await row(db, 1)).toMatchObject({ state: 'sent', attempts: 1, sentAt: morning });
    expect(await row(db, 2)).toMatchObject({ state: 'deferred', dueAt: morning + minutes(5) });
    expect(await row(db, 3)).toMatchObject({ state: 'failed', code: 550, enhanced: '5.1.1' });
    expect((await row(db, 1)).holder).toBeNull();
  });

  it('counts tries and lost connections up', async () => {
    const db = await whileSending(1);
    for (const lost of [1, 1, 0] as const) {
      await claim(db, 'w', 1);
      await recordOutcomes(db, 'w', [{ ...deferred(1, morning), lost }]);
    }
    expect(await row(db, 1)).toMatchObject({ attempts: 3, lost: 2 });
  });

  it('is refused to a worker that does not hold the delivery any more', async () => {
    const db = await whileSending(1);
    await claim(db, 'slow', 1);
    await takeOverClaims(db, morning);
    await claim(db, 'next', 1);
    expect(await recordOutcomes(db, 'slow', [anOutcome(1)])).toBe(0);
    expect(await row(db, 1)).toMatchObject({ state: 'sending', holder: 'next' });
  });

  it('keeps hostile replies as text', async () => {
    const db = await whileSending(1);
    await claim(db, 'w', 1);
    const reply = `550 '); drop table deliveries; -- "\u2028 ü`;
    await recordOutcomes(db, 'w', [anOutcome(1, { state: 'failed', reply })]);
    expect(await row(db, 1)).toMatchObject({ reply });
  });
});

describe('a worker that ends', () => {
  it('in order gives back what it holds, tried or not, at once', async () => {
    const db = await whileSending(2);
    await claim(db, 'w', 2);
    await recordOutcomes(db, 'w', [deferred(2, morning)]);
    await claim(db, 'w', 1);
    await releaseClaims(db, 'w');
    expect(await countDeliveries(db, editionId)).toMatchObject({ queued: 1, deferred: 1 });
  });

  it('by being killed keeps its claims until the lease is over, and no longer', async () => {
    const db = await whileSending(1);
    await renewLease(db, 'dead', morning, morning + minutes(1));
    await claim(db, 'dead', 1);
    expect(await takeOverClaims(db, morning + minutes(1) - 1)).toBe(0);
    expect(await takeOverClaims(db, morning + minutes(1))).toBe(1);
    expect(await row(db, 1)).toMatchObject({ state: 'queued', holder: null });
  });

  it('keeps them while it renews the lease', async () => {
    const db = await whileSending(1);
    await renewLease(db, 'alive', morning, morning + minutes(1));
    await claim(db, 'alive', 1);
    await renewLease(db, 'alive', morning, morning + minutes(3));
    expect(await takeOverClaims(db, morning + minutes(2))).toBe(0);
  });

  it('leaves nothing of itself, nor of those long gone', async () => {
    const db = await whileSending(1);
    await renewLease(db, 'old', morning, morning);
    await renewLease(db, 'alive', morning, morning + minutes(1));
    await renewLease(db, 'w', morning, morning + minutes(1));
    await removeWorker(db, 'w', morning + 1);
    const rows = await db.selectFrom('workers').select('id').execute();
    expect(rows).toEqual([{ id: 'alive' }]);
  });
});

describe('what a person asks of the ledger', () => {
  it('makes what was deferred due now', async () => {
    const db = await whileSending(1);
    await claim(db, 'w', 1);
    await recordOutcomes(db, 'w', [deferred(1)]);
    expect(await countDue(db, editionId, morning, 10)).toBe(0);
    await makeDue(db, editionId, morning);
    expect(await countDue(db, editionId, morning, 10)).toBe(1);
  });

  it('skips what is left of a cancelled edition, but not what is in flight', async () => {
    const db = await whileSending(3);
    await claim(db, 'w', 1);
    await skipRemaining(db, editionId, 'cancelled');
    expect(await countDeliveries(db, editionId)).toMatchObject({ sending: 1, skipped: 2 });
  });

  it('says what is open, who lacks it, and why', async () => {
    const db = await whileSending(3);
    await claim(db, 'w', 3);
    const failed = anOutcome(3, { state: 'failed', code: 550, reply: '550 no', sentAt: null });
    await recordOutcomes(db, 'w', [anOutcome(1), deferred(2), failed]);
    expect(await finished(db)).toBe(false);
    expect(await missingDeliveries(db, editionId, 10)).toMatchObject([
      { address: 'reader2@example.org', state: 'deferred', reply: '451 later', attempts: 1 },
      { address: 'reader3@example.org', state: 'failed', reply: '550 no', attempts: 1 },
    ]);
    expect(await commonReplies(db, editionId, 1)).toHaveLength(1);
  });

  it('counts no further than it needs to', async () => {
    expect(await countDue(await whileSending(5), editionId, morning, 3)).toBe(3);
  });

  it('sees that nothing is open when all are sent, failed or skipped', async () => {
    const db = await whileSending(2);
    await claim(db, 'w', 2);
    await recordOutcomes(db, 'w', [anOutcome(1), anOutcome(2, { state: 'skipped' })]);
    expect(await finished(db)).toBe(true);
  });
});
