import { expect, it } from 'vitest';
import { startFaultRun } from '../support/fault-app.ts';
import { at, say, startScripted } from '../support/scripted-smtp.ts';

it('many refusals by policy pause the edition, and nobody is failed for them', async () => {
  const server = await startScripted(at('RCPT', say('550 5.7.1 Blocked')));
  const run = await startFaultRun(server.port, { readers: 9 });
  expect(await run.deliver()).toEqual({ why: 'refused', text: '550 5.7.1 Blocked' });
  expect(await run.status()).toBe('paused by policy');
  const ledger = await run.ledger();
  expect(ledger.filter(row => row.startsWith('failed'))).toEqual([]);
  expect(ledger.filter(row => row.startsWith('queued'))).not.toEqual([]);
});

it('one group that takes no mail from outside fails alone', async () => {
  const server = await startScripted(at('RCPT', say('550 5.7.133 Not allowed')));
  const run = await startFaultRun(server.port, { readers: 9 });
  await run.deliver();
  expect(await run.status()).toBe('sent');
});
