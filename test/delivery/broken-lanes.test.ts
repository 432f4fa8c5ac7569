import { expect, it } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { createLedger } from '../../src/delivery/ledger.ts';
import type { GroupCommit } from '../../src/store/sqlite.ts';
import { addReaders, addresses, publishEdition, startApp, statesOf } from '../support/app.ts';
import { startFaultRun } from '../support/fault-app.ts';
import { testRuntime } from '../support/runtime.ts';
import { startScripted } from '../support/scripted-smtp.ts';
import { startSink } from '../support/smtp-sink.ts';

it('lanes that break down leave no delivery claimed by a worker that lives on', async () => {
  const sink = await startSink();
  const app = await startApp({ SMTP_URL: sink.url, LANES: '2' });
  await addReaders(app, addresses(6));
  const edition = await publishEdition(app);
  const worker = await app.startWorker(smtpOf(app.config));
  const onOutcome = () => {
    throw new Error('broken');
  };
  await expect(worker.deliver(edition, { onOutcome })).rejects.toThrow('broken');
  expect(await statesOf(app, edition)).not.toHaveProperty('sending');
  expect(await worker.deliver(edition)).toBeNull();
  expect(await statesOf(app, edition)).toEqual({ sent: 6 });
  await worker.stop();
});

it.each(['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR_WRITE'])(
  'a ledger that meets %s tries again until what was sent is recorded',
  async code => {
    let failures = 3;
    const group: GroupCommit = {
      async run() {
        failures -= 1;
        if (failures >= 0) throw Object.assign(new Error('not now'), { code });
        return { result: [] as never, durable: Promise.resolve() };
      },
      close: async () => {},
    };
    const ledger = createLedger(group, testRuntime(), { editionId: 1, workerId: 'w', lanes: 1 });
    expect(await ledger.exchange(null)).toBeNull();
    expect(failures).toBe(-1);
  },
);

it('what may have arrived is not sent again because we have nothing to sign in with', async () => {
  const server = await startScripted();
  const secret = () => Promise.reject(new Error('no token'));
  const auth = { user: 'u', method: 'password', secret } as const;
  const run = await startFaultRun(server.port, { readers: 2, settings: { auth } });
  await run.app.db
    .updateTable('deliveries')
    .set({ state: 'failed', lost: 3, attempts: 3 })
    .where('subscriberId', '=', 1)
    .execute();
  expect(await run.deliver()).toMatchObject({ why: 'refused' });
  expect(await run.ledger()).toEqual(['failed 3 lost 3', 'queued 0']);
});
