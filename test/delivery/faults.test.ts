import { describe, expect, it } from 'vitest';
import { defaultDeadlines, type SmtpDeadlines } from '../../src/delivery/smtp.ts';
import { addresses } from '../support/app.ts';
import { startFaultRun } from '../support/fault-app.ts';
import {
  type Action,
  at,
  drop,
  hang,
  type Script,
  type ScriptedServer,
  type Step,
  say,
  startScripted,
} from '../support/scripted-smtp.ts';

/** A fault, and what the ledger says afterwards of three readers sent to by one lane. */
type Fault = {
  readonly step: Step;
  readonly action: Action;
  readonly title: string;
  readonly ledger: readonly [string, string, string];
  readonly status: 'sending' | 'sent' | 'paused by policy';
};

const all = (row: string) => [row, row, row] as const;
const untouched = all('queued 0');

const refuses = (step: Step, reply: string) => ({
  step,
  action: say(reply),
  title: `answers ${reply} to ${step}`,
});
const drops = (step: Step) => ({ step, action: drop, title: `drops the connection at ${step}` });
const hangs = (step: Step) => ({ step, action: hang, title: `says nothing at ${step}` });

const refusedAt = (step: Step): Fault[] => [
  { ...refuses(step, '450 4.3.0 Later'), ledger: untouched, status: 'sending' },
  { ...refuses(step, '554 5.7.1 Go away'), ledger: untouched, status: 'paused by policy' },
  { ...refuses(step, 'what?'), ledger: untouched, status: 'sending' },
];

/** Before the first message nobody's attempts are used up. */
const beforeMessages = (['greeting', 'EHLO', 'AUTH'] as const).flatMap((step): Fault[] => [
  ...(step === 'EHLO' ? [] : refusedAt(step)),
  { ...refuses(step, '421 4.3.2 Closing'), ledger: untouched, status: 'sending' },
  { ...drops(step), ledger: untouched, status: 'sending' },
  { ...hangs(step), ledger: untouched, status: 'sending' },
]);

/** Before the final dot a lost connection is tried once more at once, then later. */
const beforeTheDot = (['MAIL', 'RCPT', 'DATA'] as const).flatMap((step): Fault[] => [
  { ...refuses(step, '451 4.3.0 Later'), ledger: all('deferred 1 451'), status: 'sending' },
  { ...refuses(step, '421 4.3.2 Closing'), ledger: all('deferred 1 421'), status: 'sending' },
  { ...drops(step), ledger: all('deferred 2'), status: 'sending' },
  { ...hangs(step), ledger: all('deferred 2'), status: 'sending' },
]);

const faults: readonly Fault[] = [
  ...beforeMessages,
  // RFC 5321 §3.2: a server that does not know EHLO is greeted with HELO.
  { ...refuses('EHLO', '502 What?'), ledger: all('sent 1 250'), status: 'sent' },
  {
    ...refuses('AUTH', '535 5.7.8 Wrong password'),
    ledger: untouched,
    status: 'paused by policy',
  },
  ...beforeTheDot,
  {
    ...refuses('MAIL', '550 5.7.1 Not you'),
    ledger: ['deferred 1 550', 'queued 0', 'queued 0'],
    status: 'paused by policy',
  },
  { ...refuses('RCPT', '550 5.1.1 Nobody'), ledger: all('failed 1 550'), status: 'sent' },
  { ...refuses('RCPT', '550 No'), ledger: all('failed 1 550'), status: 'sent' },
  { ...refuses('DATA', '554 5.5.0 No'), ledger: all('failed 1 554'), status: 'sent' },
  { ...refuses('dot', '451 4.3.0 Later'), ledger: all('deferred 1 451'), status: 'sending' },
  { ...refuses('dot', '421 4.3.2 Closing'), ledger: all('deferred 1 421'), status: 'sending' },
  { ...refuses('dot', '550 5.6.0 No'), ledger: all('failed 1 550'), status: 'sent' },
  {
    ...refuses('dot', '554 No'),
    ledger: ['deferred 1 554', 'queued 0', 'queued 0'],
    status: 'paused by policy',
  },
  // The message may have arrived.
  { ...refuses('dot', 'what?'), ledger: all('deferred 1 lost 1'), status: 'sending' },
  { ...drops('dot'), ledger: all('deferred 1 lost 1'), status: 'sending' },
  { ...hangs('dot'), ledger: all('deferred 1 lost 1'), status: 'sending' },
];

/** What runs out where the server says nothing at a step. */
const shortAt = (step: Step): Partial<SmtpDeadlines> => {
  if (step === 'dot') return { finalReply: 30 };
  return ['MAIL', 'RCPT', 'DATA'].includes(step) ? { command: 30 } : { connect: 30 };
};

const signIn = { user: 'me', method: 'password', secret: async () => 'secret' } as const;

/** Sends to three readers, looks at the ledger, then lets the server recover. */
async function expectFault(server: ScriptedServer, { step, action, ledger, status }: Fault) {
  server.script = at(step, action);
  const auth = step === 'AUTH' ? signIn : null;
  const deadlines = action === hang ? shortAt(step) : {};
  const run = await startFaultRun(server.port, { settings: { auth }, deadlines });
  await run.deliver();
  expect(await run.ledger()).toEqual(ledger);
  expect(await run.status()).toBe(status);

  server.script = null;
  run.deadlines = defaultDeadlines;
  await run.deliverAgain();
  await server.idle();
  const got = server.mails.filter(({ accepted }) => accepted).map(({ recipient }) => recipient);
  const failed = addresses(3).filter((_, at) => ledger[at]?.startsWith('failed'));
  expect([...got, ...failed].sort()).toEqual(addresses(3));
  expect(await run.status()).toBe('sent');
}

const accepted = ({ mails }: ScriptedServer) =>
  mails
    .filter(mail => mail.accepted)
    .map(({ recipient }) => recipient)
    .sort();

describe.each([
  { kind: 'a server with PIPELINING', extensions: ['PIPELINING', 'ENHANCEDSTATUSCODES'] },
  { kind: 'a server without', extensions: [] },
])('$kind', ({ extensions }) => {
  it.each(faults)('that $title loses nobody: $ledger, $status', async fault => {
    await expectFault(await startScripted(null, { extensions }), fault);
  });

  it.each(refusedAt('HELO'))('that knows no EHLO and $title loses nobody', async fault => {
    const server = await startScripted(null, { extensions });
    const script = at('EHLO', '502 What?');
    server.script = (step, occasion) =>
      script(step, occasion) ?? at('HELO', fault.action)(step, occasion);
    const run = await startFaultRun(server.port);
    await run.deliver();
    expect(await run.ledger()).toEqual(fault.ledger);
    expect(await run.status()).toBe(fault.status);
  });

  it('that closes with 421 in mid-run costs nobody a try', async () => {
    const closes = at('MAIL', { say: '421 4.4.5 Enough', drop: true }, ({ time }) => time === 2);
    const server = await startScripted(closes, { extensions });
    const run = await startFaultRun(server.port);
    expect(await run.deliver()).toBeNull();
    expect(await run.ledger()).toEqual(all('sent 1 250'));
    expect(accepted(server)).toEqual(addresses(3));
    expect(server.connections).toBe(2);
  });

  it('that ends each connection after a message gets every message once', async () => {
    const ends = at('dot', { say: '250 2.0.0 Ok', drop: true });
    const server = await startScripted(ends, { extensions });
    const run = await startFaultRun(server.port);
    expect(await run.deliver()).toBeNull();
    // Whether the end is seen before the next message has begun is the network's to say; where it
    // is not, that was no try of that message.
    expect(await run.ledger()).toEqual(all('sent 1 250'));
    expect(accepted(server)).toEqual(addresses(3));
  });

  it('that answers in single bytes is understood', async () => {
    const server = await startScripted(null, { extensions, bytewise: true });
    const run = await startFaultRun(server.port);
    expect(await run.deliver()).toBeNull();
    expect(await run.ledger()).toEqual(all('sent 1 250'));
  });

  it('that rejects half the recipients gets the other half on the same connection', async () => {
    const isBad = ({ recipient }: { recipient: string }) => /[02468]@/.test(recipient);
    const server = await startScripted(at('RCPT', '550 5.1.1 Nobody', isBad), { extensions });
    const run = await startFaultRun(server.port, { readers: 20 });
    expect(await run.deliver()).toBeNull();
    const readers = addresses(20);
    expect(accepted(server)).toEqual(readers.filter(recipient => !isBad({ recipient })).sort());
    expect(await run.ledger()).toEqual(
      readers.map(recipient => (isBad({ recipient }) ? 'failed 1 550' : 'sent 1 250')),
    );
    expect(server.connections).toBe(1);
  });

  it('that drops the connection after each bad recipient still gets the others', async () => {
    const isBad = ({ recipient }: { recipient: string }) => /[02468]@/.test(recipient);
    const bad: Action = { say: '550 5.1.1 Nobody', drop: true };
    const server = await startScripted(at('RCPT', bad, isBad), { extensions });
    const run = await startFaultRun(server.port, { readers: 6 });
    await run.deliver();
    expect(accepted(server)).toEqual(addresses(6).filter(recipient => !isBad({ recipient })));
    expect(await run.status()).not.toMatch(/paused/);
  });
});

describe('a server that says 354 although it took no recipient', () => {
  it('is sent no message, and the next reader’s goes over the same connection', async () => {
    const script: Script = (step, { time }) => {
      if (step === 'RCPT' && time === 1) return say('550 5.1.1 Nobody');
      return step === 'DATA' ? say('354 Go on') : undefined;
    };
    const server = await startScripted(script);
    const run = await startFaultRun(server.port);
    await run.deliver();
    expect(await run.ledger()).toEqual(['failed 1 550', 'sent 1 250', 'sent 1 250']);
    expect(server.mails.map(({ wire }) => wire.length > 1_000)).toEqual([false, true, true]);
    expect(server.connections).toBe(1);
  });
});

describe('replies of an odd shape', () => {
  const lines = Array.from({ length: 9_999 }, (_, n) => `250-${n} of very many lines`);
  const manyLines = [...lines, '250 2.0.0 Ok'].join('\r\n');

  const accepting: readonly [string, Script][] = [
    ['of 10,000 lines to EHLO', at('EHLO', manyLines)],
    ['of 10,000 lines to MAIL', at('MAIL', manyLines)],
    ['of 10,000 lines after the dot', at('dot', manyLines)],
    ['with a CR in it', at('dot', '250 2.0.0 Ok\rBcc: x')],
    ['with a NUL in it', at('dot', '250 2.0.0 O\0k')],
    ['that are not UTF-8', at('dot', say(Buffer.from('250 2.0.0 \xff\xfe\r\n', 'latin1')))],
    ['that end in LF alone', at('dot', say(Buffer.from('250 2.0.0 Ok\n')))],
    ['without a text', at('dot', '250')],
  ];
  it.each(accepting)('%s are taken for what they say', async (_title, script) => {
    const server = await startScripted(script);
    const run = await startFaultRun(server.port);
    expect(await run.deliver()).toBeNull();
    expect(await run.ledger()).toEqual(all('sent 1 250'));
  });

  it('are kept as one line of printable characters', async () => {
    const odd = `451-4.3.0 A\0B\rC\u202e\r\n451-4.3.0 next\r\n451 4.3.0 ${'x'.repeat(9_000)}`;
    const server = await startScripted(at('RCPT', odd));
    const { app, deliver } = await startFaultRun(server.port, { readers: 1 });
    await deliver();
    const row = await app.db.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ code: 451, enhanced: '4.3.0' });
    expect(row.reply).toMatch(/^451-4\.3\.0 A B C[\x20-\x7e]* 451-4\.3\.0 next 451 4\.3\.0 x+$/u);
    expect(row.reply?.length).toBe(300);
  });

  it('that never end are cut off, and the message counts as lost', async () => {
    const endless = say(Buffer.alloc(2_000_000, '250-and more\r\n'));
    const server = await startScripted(at('dot', endless));
    const run = await startFaultRun(server.port, { readers: 1 });
    await run.deliver();
    expect(await run.ledger()).toEqual(['deferred 1 lost 1']);
  });

  it('that nobody asked for do not pause the edition', async () => {
    const unasked = at('dot', '250 2.0.0 Ok\r\n554 5.7.1 By the way', ({ time }) => time === 1);
    const server = await startScripted(unasked);
    const run = await startFaultRun(server.port);
    await run.deliver();
    expect(await run.status()).toBe('sent');
    expect(accepted(server)).toEqual(addresses(3));
  });
});

describe('a server that cannot be used at all', () => {
  it('hangs up before the greeting, for ever: nobody’s attempts are used up', async () => {
    const server = await startScripted(at('greeting', drop));
    const run = await startFaultRun(server.port, { lanes: 3 });
    for (let round = 0; round < 5; round += 1) {
      expect(await run.deliverAgain()).toMatchObject({ why: 'connection' });
    }
    expect(await run.ledger()).toEqual(untouched);
    server.script = null;
    await run.deliver();
    expect(accepted(server)).toEqual(addresses(3));
  });

  it('takes no message of this size: paused, and it is said why', async () => {
    const server = await startScripted(null, { extensions: ['SIZE 1000'] });
    const run = await startFaultRun(server.port);
    expect(await run.deliver()).toMatchObject({
      why: 'refused',
      text: 'Message size larger than allowed 1000',
    });
    expect(await run.ledger()).toEqual(['deferred 1 552', 'queued 0', 'queued 0']);
    expect(await run.status()).toBe('paused by policy');
  });

  it('says so after the message: the same', async () => {
    const server = await startScripted(at('dot', '552 5.3.4 Message too big for system'));
    const run = await startFaultRun(server.port);
    await run.deliver();
    expect(await run.ledger()).toEqual(['deferred 1 552', 'queued 0', 'queued 0']);
    expect(await run.status()).toBe('paused by policy');
  });
});

describe('TLS', () => {
  const broken: readonly [string, Script, string][] = [
    ['is refused', at('STARTTLS', '454 4.7.0 Not now'), 'sending'],
    ['is not known', at('STARTTLS', '502 5.5.1 What?'), 'paused by policy'],
    ['is answered with a drop', at('STARTTLS', drop), 'sending'],
    ['is answered with silence', at('STARTTLS', hang), 'sending'],
    ['is agreed to and dropped', at('STARTTLS', { say: '220 Go on', drop: true }), 'sending'],
    ['is agreed to and hangs', at('STARTTLS', '220 Go on'), 'sending'],
    ['is agreed to and not spoken', at('STARTTLS', '220 Go on\r\n250 Just kidding'), 'sending'],
  ];
  it.each(broken)('that %s keeps everything back', async (title, script, status) => {
    const server = await startScripted(script, { tls: 'starttls' });
    const settings = { tls: 'required', auth: signIn } as const;
    const deadlines = /silence|hangs|not spoken/.test(title) ? { connect: 30 } : {};
    const run = await startFaultRun(server.port, { settings, deadlines });
    expect(await run.deliver()).not.toBeNull();
    expect(await run.ledger()).toEqual(untouched);
    expect(await run.status()).toBe(status);
    expect(server.lines.join('\n')).not.toMatch(/AUTH|MAIL/);
    await server.idle();
  });

  it.each([
    { tls: 'required', offered: 'starttls' },
    { tls: 'offered', offered: 'starttls' },
    { tls: 'implicit', offered: 'implicit' },
  ] as const)(
    '$tls, with a certificate of nobody’s, keeps everything back',
    async ({ tls, offered }) => {
      const server = await startScripted(null, { tls: offered });
      const run = await startFaultRun(server.port, { settings: { tls, auth: signIn } });
      expect(await run.deliver()).toMatchObject({ text: expect.stringMatching(/certificate/) });
      expect(await run.ledger()).toEqual(untouched);
      expect(server.lines.join('\n')).not.toMatch(/AUTH|MAIL/);
      await server.idle();
    },
  );

  it('required and not offered is asked for all the same, and nothing goes without', async () => {
    const server = await startScripted(at('STARTTLS', '502 5.5.1 What?'));
    const settings = { tls: 'required', auth: signIn } as const;
    const run = await startFaultRun(server.port, { settings });
    await run.deliver();
    expect(await run.status()).toBe('paused by policy');
    expect(server.lines.join('\n')).not.toMatch(/AUTH|MAIL/);
  });
});

describe('signing in', () => {
  it('without a password, because its command fails, pauses and says why', async () => {
    const server = await startScripted();
    const secret = () => Promise.reject(new Error('SMTP_PASSWORD_COMMAND failed (1): no token'));
    const auth = { ...signIn, secret };
    const run = await startFaultRun(server.port, { settings: { auth }, lanes: 3 });
    expect(await run.deliver()).toEqual({
      why: 'refused',
      text: 'SMTP_PASSWORD_COMMAND failed (1): no token',
    });
    expect(await run.ledger()).toEqual(untouched);
    expect(await run.status()).toBe('paused by policy');
    await server.idle();
  });

  it('asks for the password anew for each connection', async () => {
    const ends = at('dot', { say: '250 2.0.0 Ok', drop: true });
    const server = await startScripted(ends, { extensions: ['AUTH XOAUTH2'] });
    let tokens = 0;
    const secret = async () => `token ${++tokens}`;
    const auth = { user: 'me', method: 'xoauth2', secret } as const;
    await (await startFaultRun(server.port, { settings: { auth } })).deliver();
    const sent = server.lines.filter(line => line.startsWith('AUTH')).slice(0, 2);
    expect(sent.map(line => Buffer.from(line.split(' ')[2] ?? '', 'base64').toString())).toEqual([
      'user=me\x01auth=Bearer token 1\x01\x01',
      'user=me\x01auth=Bearer token 2\x01\x01',
    ]);
  });
});
