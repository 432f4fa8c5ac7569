import { describe, expect, it } from 'vitest';
import {
  type Connection,
  defaultDeadlines,
  openConnection,
  type SmtpDeadlines,
  type SmtpSettings,
} from '../../../src/delivery/smtp.ts';
import {
  at,
  drop,
  hang,
  type ScriptedServer,
  say,
  startScripted,
} from '../../support/scripted-smtp.ts';

const settingsFor = ({ port }: ScriptedServer, values: Partial<SmtpSettings> = {}) => ({
  host: '127.0.0.1',
  port,
  tls: 'none' as const,
  auth: null,
  clientName: 'news.example.org',
  ...values,
});

async function open(server: ScriptedServer, deadlines: Partial<SmtpDeadlines> = {}) {
  const connection = await openConnection(settingsFor(server), {
    ...defaultDeadlines,
    ...deadlines,
  });
  if ('kind' in connection) throw new Error(`no connection: ${JSON.stringify(connection)}`);
  return connection;
}

const text = Buffer.from('Subject: x\r\n\r\nHello.\r\n');
const send = (connection: Connection, to = 'b@example.org') =>
  connection.send({ from: 'a@example.org', to, size: text.length, segments: [text] });

describe('a connection', () => {
  it('says who we are with the name it is given', async () => {
    const server = await startScripted();
    (await open(server)).close();
    await server.idle();
    expect(server.lines).toEqual(['EHLO news.example.org', 'QUIT']);
  });

  it('names the size where the server wants to know', async () => {
    const server = await startScripted();
    const connection = await open(server);
    await send(connection);
    expect(server.lines).toContain(`MAIL FROM:<a@example.org> SIZE=${text.length}`);
    connection.close();
  });

  it('knows that the server ended it', async () => {
    const server = await startScripted(at('dot', { say: '250 Ok', drop: true }));
    const connection = await open(server);
    expect(await send(connection)).toMatchObject({ kind: 'accepted' });
    await server.idle();
    expect(await send(connection)).toMatchObject({ kind: 'lost', stage: 'mail' });
    expect(connection.closed).toBe(true);
    expect(await connection.reset()).toBe(false);
  });

  it('goes on after a refusal and a reset', async () => {
    const first = ({ time }: { time: number }) => time === 1;
    const server = await startScripted(at('RCPT', '550 5.1.1 Nobody', first));
    const connection = await open(server);
    expect(await send(connection)).toMatchObject({ kind: 'refused', stage: 'rcpt', usable: true });
    expect(await connection.reset()).toBe(true);
    expect(await send(connection)).toMatchObject({ kind: 'accepted' });
    connection.close();
  });

  it.each([
    ['refuses RSET', say('500 What?')],
    ['drops it', drop],
    ['does not answer', hang],
  ])('is over where the server %s', async (_title, action) => {
    const server = await startScripted(at('RSET', action));
    const connection = await open(server, { command: 100 });
    expect(await connection.reset()).toBe(false);
    expect(connection.closed).toBe(true);
    await server.idle();
  });

  it('leaves at once where nobody answers QUIT, as seen by its user', async () => {
    const server = await startScripted(at('QUIT', drop));
    const connection = await open(server);
    connection.close();
    expect(connection.closed).toBe(true);
    connection.close();
    await server.idle();
  });

  it('may be reset a thousand times without a trace', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const connection = await open(await startScripted());
    for (let time = 0; time < 1_000; time += 1) await connection.reset();
    process.off('warning', note);
    expect(warnings).toEqual([]);
    connection.close();
  });

  it('waits for the reply to the dot longer than for the others', async () => {
    let patience: Promise<unknown> = Promise.resolve();
    const server = await startScripted((step, occasion) => {
      if (step === 'RSET') return hang;
      return at('dot', { say: '250 Ok', after: patience })(step, occasion);
    });
    const deadlines = { command: 40 };
    const connection = await open(server, deadlines);
    // Another's deadline for a command runs out meanwhile.
    const other = await open(server, deadlines);
    patience = other.reset();
    const sending = send(connection);
    expect(await patience).toBe(false);
    expect(await sending).toMatchObject({ kind: 'accepted' });
    connection.close();
  });

  it('leaves no timers behind', async () => {
    const server = await startScripted();
    const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
    const before = timers();
    const connection = await open(server);
    for (let time = 0; time < 20; time += 1) await send(connection);
    // nodemailer's own idle timer of the socket may be among them.
    expect(timers()).toBeLessThanOrEqual(before + 1);
    connection.close();
    await server.idle();
  });
});

describe('an address beyond ASCII', () => {
  const jürgen = 'jürgen@example.org';

  it('is taken where the server offers SMTPUTF8', async () => {
    const server = await startScripted(null, { extensions: ['SMTPUTF8'] });
    const connection = await open(server);
    expect(connection.smtputf8).toBe(true);
    expect(await send(connection, jürgen)).toMatchObject({ kind: 'accepted' });
    expect(server.lines).toContain('MAIL FROM:<a@example.org> SMTPUTF8');
    connection.close();
  });

  it.each([
    ['does not offer it', null],
    ['speaks no ESMTP', at('EHLO', '502 What?')],
  ])('is refused by us, and not named, where the server %s', async (_title, script) => {
    const server = await startScripted(script);
    const connection = await open(server);
    expect(connection.smtputf8).toBe(false);
    expect(await send(connection, jürgen)).toEqual({
      kind: 'refused',
      stage: 'rcpt',
      reply: {
        code: 553,
        enhanced: '5.6.7',
        text: 'the server does not offer SMTPUTF8, which this address needs',
      },
      usable: true,
    });
    expect(await send(connection)).toMatchObject({ kind: 'accepted' });
    expect(server.lines.filter(line => line.startsWith('MAIL'))).toHaveLength(1);
    connection.close();
  });

  it.each([
    ['555 5.5.4 Unsupported option: SMTPUTF8', 'rcpt'],
    ['501 Syntax error in parameters', 'rcpt'],
    ['550 5.6.7 Non-ASCII addresses not permitted', 'rcpt'],
    ['550 5.7.1 We do not like you', 'mail'],
    ['451 4.3.0 Later', 'mail'],
  ])('that is answered %j to MAIL is refused at %s', async (reply, stage) => {
    const server = await startScripted(at('MAIL', reply), { extensions: ['SMTPUTF8'] });
    const connection = await open(server);
    expect(await send(connection, jürgen)).toMatchObject({ kind: 'refused', stage });
    await connection.reset();
    expect(await send(connection)).toMatchObject({ kind: 'refused', stage: 'mail' });
    connection.close();
  });
});

describe('opening one', () => {
  it('is a value, also where nobody listens or the name is unknown', async () => {
    const server = await startScripted();
    const nowhere = { ...settingsFor(server), port: 1 };
    expect(await openConnection(nowhere)).toMatchObject({ kind: 'lost', stage: 'connect' });
    const unknown = { ...settingsFor(server), host: 'nowhere.invalid' };
    expect(await openConnection(unknown)).toMatchObject({ kind: 'lost', stage: 'connect' });
  });

  it('has a deadline for all of it, a secret that never comes included', async () => {
    const server = await startScripted();
    const auth = { user: 'me', method: 'password', secret: () => new Promise<never>(() => {}) };
    const settings = settingsFor(server, { auth: auth as SmtpSettings['auth'] });
    const deadlines = { ...defaultDeadlines, connect: 100 };
    expect(await openConnection(settings, deadlines)).toEqual({
      kind: 'lost',
      stage: 'connect',
      text: 'no answer within 0.1 s',
    });
    await server.idle();
  });

  it('closes the socket where the secret cannot be had', async () => {
    const server = await startScripted();
    const secret = () => Promise.reject(new Error('no token'));
    const settings = settingsFor(server, { auth: { user: 'me', method: 'password', secret } });
    expect(await openConnection(settings)).toEqual({
      kind: 'refused',
      stage: 'auth',
      reply: { code: null, enhanced: null, text: 'no token' },
      usable: false,
    });
    await server.idle();
  });
});
