import { describe, expect, it, vi } from 'vitest';
import { startFaultRun } from '../support/fault-app.ts';
import { at, startScripted } from '../support/scripted-smtp.ts';

describe('a server that signs us in and hangs up before any message', () => {
  it('is not called again and again: it counts as no connection', async () => {
    const server = await startScripted(at('EHLO', { say: '250 scripted', drop: true }));
    // Else a message may begin before the end is seen, which is another fault.
    const run = await startFaultRun(server.port, {
      readers: 2,
      onConnection: connection =>
        vi.waitFor(() => expect(connection).toMatchObject({ closed: true })),
    });
    expect(await run.deliver()).toMatchObject({ why: 'connection' });
    expect(server.connections).toBeLessThanOrEqual(6);
    expect(await run.ledger()).toEqual(['queued 0', 'queued 0']);
  });
});
