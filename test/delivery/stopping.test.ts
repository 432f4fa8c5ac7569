import { describe, expect, it } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { countPermits, skipRemaining } from '../../src/store/deliveries.ts';
import { getEdition, moveEdition } from '../../src/store/editions.ts';
import {
  addReaders,
  addresses,
  deliver,
  publishEdition,
  startApp,
  statesOf,
  type TestApp,
} from '../support/app.ts';
import { testRuntime } from '../support/runtime.ts';
import { type Sink, startSink } from '../support/smtp-sink.ts';

/** An edition to twelve readers; `act` happens while the server answers the fourth message. */
async function interrupted(act: (app: TestApp, edition: number) => Promise<unknown>) {
  let count = 0;
  const sink: Sink = await startSink({
    onMail: async (): Promise<'accept'> => {
      count += 1;
      if (count === 4) await act(app, edition);
      return 'accept';
    },
  });
  const app: TestApp = await startApp({ SMTP_URL: sink.url, LANES: '2' });
  await addReaders(app, addresses(12));
  const edition: number = await publishEdition(app);
  return { app, edition, sink };
}

describe('an operator who stops an edition while lanes run', () => {
  it('by pausing it: they end after what is in flight, and a resumed edition goes on', async () => {
    const { app, edition, sink } = await interrupted(({ db }, id) =>
      moveEdition(db, id, ['sending'], 'paused', { pausedBy: 'operator' }),
    );
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.mails.length).toBeLessThanOrEqual(6);
    expect(await statesOf(app, edition)).not.toHaveProperty('sending');
    expect(await getEdition(app.db, edition)).toMatchObject({ status: 'paused' });

    await moveEdition(app.db, edition, ['paused'], 'sending');
    await deliver(app, edition);
    expect(sink.recipients()).toEqual(addresses(12).sort());
    expect(await getEdition(app.db, edition)).toMatchObject({ status: 'sent' });
  });

  it('by cancelling it: what is in flight is recorded, the rest skipped', async () => {
    const { app, edition, sink } = await interrupted(async ({ db }, id) => {
      await moveEdition(db, id, ['sending'], 'cancelled');
      await skipRemaining(db, id, 'cancelled');
    });
    await deliver(app, edition);
    const sent = sink.mails.length;
    expect(sent).toBeLessThanOrEqual(6);
    expect(await statesOf(app, edition)).toEqual({ sent, skipped: 12 - sent });
  });
});

describe('lanes that wait for SEND_RATE when they are told to end', () => {
  it('begin no other message, and give their permits back', async () => {
    const sink = await startSink();
    let halt = () => {};
    const runtime = testRuntime({ onWait: () => halt() });
    const settings = { SMTP_URL: sink.url, LANES: '4', SEND_RATE: '2/s' };
    const app = await startApp(settings, { runtime });
    await addReaders(app, addresses(12));
    const edition = await publishEdition(app);
    const worker = await app.startWorker(smtpOf(app.config));
    halt = worker.halt;
    expect(await worker.deliver(edition)).toBeNull();
    await worker.stop();
    const begun = sink.mails.length;
    expect(begun).toBeLessThanOrEqual(2);
    expect(await countPermits(app.db, 0)).toBe(begun);
    expect(await statesOf(app, edition)).toMatchObject({ queued: 12 - begun });
  });
});
