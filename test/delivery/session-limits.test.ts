import { describe, expect, it } from 'vitest';
import {
  addReaders,
  addresses,
  deliver,
  publishEdition,
  startApp,
  statesOf,
} from '../support/app.ts';
import { startFaultRun } from '../support/fault-app.ts';
import { hours } from '../support/runtime.ts';
import {
  type Action,
  type Script,
  type ScriptedServer,
  type Step,
  startScripted,
} from '../support/scripted-smtp.ts';

/** Does `action` at each session's message after the first `count`, at `step`. */
function limit(count: number, step: Step, action: Action): Script {
  const messages = new Map<number, number>();
  return (now, { connection }) => {
    if (now === 'MAIL') messages.set(connection, (messages.get(connection) ?? 0) + 1);
    return now === step && (messages.get(connection) ?? 0) > count ? action : undefined;
  };
}

const enough: Action = { say: '421 Too many messages in this connection', drop: true };

const accepted = ({ mails }: ScriptedServer) =>
  mails.filter(mail => mail.accepted).map(({ recipient }) => recipient);

const said = ({ lines }: ScriptedServer, word: string) =>
  lines.filter(line => line.startsWith(word)).length;

describe.each([
  { kind: 'with PIPELINING', extensions: ['PIPELINING', 'ENHANCEDSTATUSCODES'], readers: 600 },
  { kind: 'without', extensions: [], readers: 250 },
])('a server $kind that takes 50 messages a session', ({ extensions, readers }) => {
  it.each(['MAIL', 'RCPT', 'DATA', 'dot'] as const)(
    'and then says 421 at %s gets every message once in one run, and is soon not asked for more',
    async step => {
      const server = await startScripted(limit(50, step, enough), { extensions });
      const run = await startFaultRun(server.port, { readers, lanes: 4 });
      expect(await run.deliver()).toBeNull();
      expect(await run.status()).toBe('sent');
      expect(accepted(server).sort()).toEqual(addresses(readers).sort());
      expect(new Set(await run.ledger())).toEqual(new Set(['sent 1 250']));
      await server.idle();
      // Sessions of 50, and what four lanes leave unused.
      expect(server.connections).toBeLessThanOrEqual(readers / 50 + 4);
      // Each lane meets the limit once before it is known; the others say QUIT.
      expect(said(server, 'MAIL')).toBeLessThanOrEqual(readers + 4);
      expect(said(server, 'QUIT')).toBeGreaterThanOrEqual(server.connections - 4);
    },
  );
});

describe('a server that takes one message a session', () => {
  const readers = addresses(20).sort();

  it.each([
    ['says 421', limit(1, 'MAIL', enough)],
    ['closes', limit(0, 'dot', { say: '250 2.0.0 Ok', drop: true })],
  ])('and then %s gets each over a connection of its own', async (_title, script) => {
    const server = await startScripted(script);
    const run = await startFaultRun(server.port, { readers: 20, lanes: 2 });
    expect(await run.deliver()).toBeNull();
    expect(accepted(server).sort()).toEqual(readers);
    expect(new Set(await run.ledger())).toEqual(new Set(['sent 1 250']));
    expect(server.connections).toBeLessThanOrEqual(20 + 2);
  });
});

describe('a limit of sessions and SEND_RATE together', () => {
  it('are both kept, and nobody’s attempt is used up', async () => {
    const server = await startScripted(limit(3, 'MAIL', enough));
    const settings = { SMTP_URL: `smtp://127.0.0.1:${server.port}`, SEND_RATE: '4/s', LANES: '2' };
    const app = await startApp(settings);
    await addReaders(app, addresses(20));
    const edition = await publishEdition(app);
    const began = app.runtime.now();
    expect(await deliver(app, edition)).toBeNull();
    expect(accepted(server).sort()).toEqual(addresses(20).sort());
    expect(await statesOf(app, edition)).toEqual({ sent: 20 });
    expect(app.runtime.now() - began).toBeGreaterThan(4_000);
    await server.idle();
    expect(said(server, 'MAIL')).toBeLessThanOrEqual(20 + 2);
  });
});

describe('a server that says 421 4.7.0 after every message', () => {
  it('is sent less and less, over as few connections', async () => {
    const slower: Action = { say: '421 4.7.0 Too fast', drop: true };
    const server = await startScripted(limit(1, 'MAIL', slower));
    const run = await startFaultRun(server.port, { readers: 60, lanes: 4 });
    const began = run.app.runtime.now();
    await run.deliver();
    const got = accepted(server);
    expect(new Set(got).size).toBe(got.length);
    expect(server.connections).toBeLessThanOrEqual(got.length + 4);
    // A gap of a minute between messages, once it is this long.
    expect(run.app.runtime.now() - began).toBeGreaterThan(hours(0.5));
    for (const row of await run.ledger()) expect(row).toMatch(/^(sent . 250|deferred . 421)$/);
  });
});

describe('a message at which the server ends the session, whoever brings it', () => {
  it('costs its own reader tries, and the others nothing', async () => {
    const [poison, ...others] = addresses(40);
    const script: Script = (step, { recipient }) =>
      step === 'RCPT' && recipient === poison ? enough : undefined;
    const server = await startScripted(script);
    const run = await startFaultRun(server.port, { readers: 40, lanes: 4 });
    await run.deliver();
    expect(accepted(server).sort()).toEqual(others.sort());
    expect((await run.ledger()).filter(row => row !== 'sent 1 250')).toEqual(['deferred 1 421']);
    expect(server.connections).toBeLessThanOrEqual(4 + 3);
  });
});
