import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A message as the sink got it. */
export type Received = {
  readonly from: string;
  readonly to: readonly string[];
  /** The message's bytes, dot-stuffing undone. */
  readonly raw: Buffer;
};

/** What to say after the final dot; `drop`: close the connection without a word. */
type Answer = 'accept' | 'drop';

type SinkOptions = {
  /** 0: any free one. */
  readonly port?: number;
  /** Addresses that are answered 550 5.1.1. */
  readonly rejects?: (address: string) => boolean;
  /** Addresses that are answered 451 4.3.0. */
  readonly defers?: (address: string) => boolean;
  /** Whether it offers SMTPUTF8. */
  readonly smtputf8?: boolean;
  readonly onMail?: (mail: Received) => Answer | Promise<Answer>;
};

/** A real SMTP server on this machine that keeps what it is sent. */
export type Sink = {
  readonly port: number;
  readonly url: string;
  /** All that came, also what was then dropped, in order of arrival. */
  readonly mails: readonly Received[];
  /** When each MAIL command came, ms by a clock that only goes forward. */
  readonly mailTimes: readonly number[];
  /** Who got something, sorted. */
  recipients(): string[];
  /** Forgets what came so far. */
  clear(): void;
  close(): Promise<void>;
};

/** Starts a sink that ends with the test. */
export async function startSink({
  port = 0,
  rejects = () => false,
  defers = () => false,
  smtputf8 = true,
  onMail = () => 'accept',
}: SinkOptions = {}): Promise<Sink> {
  const mails: Received[] = [];
  const mailTimes: number[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    hideSMTPUTF8: !smtputf8,
    closeTimeout: 1,
    logger: false,
    onMailFrom(_address, _session, done) {
      mailTimes.push(performance.now());
      done();
    },
    onRcptTo({ address }, _session, done) {
      if (rejects(address)) done(refusal(550, '5.1.1 No such user'));
      else done(defers(address) ? refusal(451, '4.3.0 Later') : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', async () => {
        const mail = receivedOf(session, Buffer.concat(chunks));
        mails.push(mail);
        const answer = await onMail(mail);
        if (answer === 'drop') socketOf(server, session)?.destroy();
        else done();
      });
    },
  });
  // Clients that vanish are part of the tests.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const close = () => new Promise<void>(resolve => server.close(() => resolve()));
  onTestFinished(close);
  const listening = (server.server.address() as AddressInfo).port;
  return {
    port: listening,
    url: `smtp://127.0.0.1:${listening}`,
    mails,
    mailTimes,
    recipients: () => mails.flatMap(({ to }) => to).sort(),
    clear: () => mails.splice(0),
    close,
  };
}

/** A port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const sink = await startSink();
  await sink.close();
  return sink.port;
}

/** What a mail program makes of a message. */
export function parseMail({ raw }: Received): Promise<ParsedMail> {
  return simpleParser(raw, { skipImageLinks: true });
}

function receivedOf({ envelope }: SMTPServerSession, raw: Buffer): Received {
  const from = envelope.mailFrom ? envelope.mailFrom.address : '';
  return { from, to: envelope.rcptTo.map(({ address }) => address), raw };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function socketOf(server: SMTPServer, { id }: SMTPServerSession): Socket | undefined {
  type Open = { readonly id: string; readonly _socket: Socket };
  const open = [...(server as unknown as { connections: Set<Open> }).connections];
  return open.find(connection => connection.id === id)?._socket;
}
