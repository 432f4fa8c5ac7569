import type { NodemailerError } from 'nodemailer/lib/errors';
import { messageOf } from '../lib/errors.ts';
import { printable, readReply, type SendResult, type Stage } from './reply.ts';
import { WireConnection } from './wire-connection.ts';

/** Where and how mail is handed over. */
export type SmtpSettings = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; STARTTLS or nothing; STARTTLS if it is offered; never. */
  readonly tls: 'implicit' | 'required' | 'offered' | 'none';
  readonly auth: {
    readonly user: string;
    readonly method: 'password' | 'xoauth2';
    /** The password, or a fresh access token. */
    readonly secret: () => Promise<string>;
  } | null;
  /** What we call ourselves in EHLO: the sender's domain, never the machine's nickname. */
  readonly clientName: string;
};

/** Deadlines of ours in ms; a server that says nothing must not hold a lane for ever. */
export type SmtpDeadlines = {
  /** From the first packet to the end of AUTH. */
  readonly connect: number;
  /** From MAIL to the server's "go ahead" after DATA. */
  readonly command: number;
  /** For the reply to the final dot: shorter ones make duplicates (RFC 5321 §4.5.3.2.6). */
  readonly finalReply: number;
};

export const defaultDeadlines: SmtpDeadlines = {
  connect: 60_000,
  command: 300_000,
  finalReply: 600_000,
};

/** One SMTP connection that is signed in and ready. */
export type Connection = {
  /**
   * Sends one message to exactly one recipient. Never throws, always settles. An address beyond
   * ASCII is refused here, as a server would, where there is no SMTPUTF8.
   */
  send(message: {
    from: string;
    to: string;
    size: number;
    segments: readonly Buffer[];
  }): Promise<SendResult>;
  /** Ends the transaction after a refusal, so that the next can begin. False: it is unusable. */
  reset(): Promise<boolean>;
  /** Says QUIT and closes. Resolves when it is closed, a second later at most. */
  close(): Promise<void>;
  /** Whether the server or an error ended it. */
  readonly closed: boolean;
  /** Whether the server takes addresses with letters beyond ASCII before the @ (RFC 6531). */
  readonly smtputf8: boolean;
};

/** Why there is no connection, as a value: `refused` with the server's words, or `lost`. */
export type ConnectFailure = Exclude<SendResult, { kind: 'accepted' }>;

/** Opens a connection, with TLS and sign-in as the settings say. */
export async function openConnection(
  settings: SmtpSettings,
  deadlines: SmtpDeadlines = defaultDeadlines,
): Promise<Connection | ConnectFailure> {
  const connection = new WireConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'required',
    ignoreTLS: settings.tls === 'none',
    name: settings.clientName,
    // Longer than ours, so that it is always ours that decide.
    connectionTimeout: deadlines.connect + 10_000,
    greetingTimeout: deadlines.connect + 10_000,
    socketTimeout: deadlines.finalReply + 10_000,
    socketCloseTimeout: 1_000,
    maxResponseSize: 1024 * 1024,
  });
  const failure = await handshake(connection, settings, deadlines.connect);
  if (!failure) return ready(connection, deadlines);
  connection.close();
  return failure;
}

async function handshake(
  connection: WireConnection,
  { auth }: SmtpSettings,
  deadline: number,
): Promise<ConnectFailure | null> {
  return withDeadline<ConnectFailure | null>(
    deadline,
    () => ({ kind: 'lost', stage: 'connect', text: `no answer within ${deadline / 1000} s` }),
    async done => {
      connection.on('error', error => done(failureOf(error, 'connect')));
      const connected = await new Promise<Error | undefined>(resolve =>
        connection.connect(error => resolve(error ?? undefined)),
      );
      if (connected) return done(failureOf(connected, 'connect'));
      if (!auth) return done(null);
      let secret: string;
      try {
        secret = await auth.secret();
      } catch (error) {
        return done(unableToSignIn(error));
      }
      connection.login(credentials(auth.user, auth.method, secret), error =>
        done(error ? failureOf(error, 'auth') : null),
      );
    },
  );
}

/** There is nothing to sign in with: no server can help that, so it is as if it had refused us. */
function unableToSignIn(error: unknown): ConnectFailure {
  const reply = { code: null, enhanced: null, text: printable(messageOf(error)) };
  return { kind: 'refused', stage: 'auth', reply, usable: false };
}

function credentials(user: string, method: 'password' | 'xoauth2', secret: string) {
  if (method === 'password') return { user, credentials: { user, pass: secret } };
  const token = Buffer.from(`user=${user}\x01auth=Bearer ${secret}\x01\x01`).toString('base64');
  return {
    user,
    method: 'XOAUTH2',
    oauth2: {
      getToken: (_renew: boolean, done: (error: Error | null, token: string) => void) =>
        done(null, secret),
      buildXOAuth2Token: () => token,
    } as never,
  };
}

/** With the codes of RFC 6531 §3.5, so that it is judged like a server's own refusal. */
const needsSmtputf8: SendResult = {
  kind: 'refused',
  stage: 'rcpt',
  reply: {
    code: 553,
    enhanced: '5.6.7',
    text: 'the server does not offer SMTPUTF8, which this address needs',
  },
  usable: true,
};

function ready(connection: WireConnection, deadlines: SmtpDeadlines): Connection {
  const { smtputf8 } = connection;
  let closed = false;
  let ended = () => {};
  const end = new Promise<void>(resolve => connection.once('end', resolve));
  end.then(() => ended());
  const close = () => {
    closed = true;
    connection.close();
  };
  return {
    smtputf8,
    get closed() {
      return closed || connection.destroyed;
    },
    close: () => {
      if (!closed && !connection.destroyed) {
        closed = true;
        connection.quit();
        // The server may never answer QUIT.
        setTimeout(() => connection.close(), 1_000).unref();
      }
      return end;
    },
    reset: () =>
      withDeadline(
        deadlines.command,
        () => false,
        done => {
          // Nobody answers RSET once the connection has ended.
          ended = () => done(false);
          connection.reset(error => done(!error));
        },
      ).then(usable => {
        if (!usable) close();
        return usable;
      }),
    send: ({ from, to, size, segments }) => {
      const international = /[^\0-\x7f]/.test(to);
      if (international && !smtputf8) return Promise.resolve(needsSmtputf8);
      let stage: Stage = 'mail';
      return withDeadline<SendResult>(
        deadlines.command,
        () => ({ kind: 'lost', stage, text: 'the server did not answer in time' }),
        (done, extend) => {
          connection.onFinalDot = () => {
            stage = 'dot';
            extend(deadlines.finalReply);
          };
          connection.send({ from, to: [to], size }, segments as never, (error, info) => {
            if (error) done(failureOf(error, stage));
            else done({ kind: 'accepted', reply: readReply(info?.response ?? '') });
          });
        },
      ).then(result => {
        if (result.kind === 'lost' || (result.kind === 'refused' && !result.usable)) close();
        return international ? aboutRecipient(result) : result;
      });
    },
  };
}

/**
 * A server may refuse at MAIL what this recipient alone needs: mail beyond ASCII (RFC 6531 §3.5), or
 * the parameter that it offered (RFC 5321 §4.1.1.11). It is as if it had refused the recipient.
 */
function aboutRecipient(result: SendResult): SendResult {
  if (result.kind !== 'refused' || result.stage !== 'mail') return result;
  const { code, enhanced } = result.reply;
  const refusesSmtputf8 = enhanced === '5.6.7' || [501, 504, 555].includes(code ?? 0);
  return refusesSmtputf8 ? { ...result, stage: 'rcpt' } : result;
}

const stages: Readonly<Record<string, Stage>> = {
  'MAIL FROM': 'mail',
  'RCPT TO': 'rcpt',
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'tls',
};

function failureOf(error: Error, reached: Stage): ConnectFailure {
  const { command = '', response, responseCode, code } = error as NodemailerError;
  const stage = stageOf(command, String(code), reached);
  // A server that talks out of turn, or breaks off within a line, has not answered our command.
  const outOfTurn = command === 'CONN' && reached === 'mail' && responseCode !== 421;
  if (responseCode && typeof response === 'string' && !outOfTurn) {
    // 421 says that the server is closing, whatever it answers (RFC 5321 §4.2.1).
    const usable = responseCode !== 421 && ['mail', 'rcpt', 'data', 'dot'].includes(stage);
    return { kind: 'refused', stage, reply: readReply(response), usable };
  }
  // Found on this side before a byte was sent: the message is larger than the server takes.
  if (code === 'EMESSAGE' && !response) {
    const reply = { code: 552, enhanced: '5.3.4', text: printable(messageOf(error)) };
    return { kind: 'refused', stage: 'mail', reply, usable: true };
  }
  if (code === 'EAUTH' && !response) return unableToSignIn(error);
  return { kind: 'lost', stage, text: printable(messageOf(error)) };
}

function stageOf(command: string, code: string, reached: Stage): Stage {
  if (command.startsWith('AUTH') || code === 'EAUTH') return 'auth';
  if (command === 'DATA') return reached === 'dot' ? 'dot' : 'data';
  if (code === 'EPROTOCOL' && reached === 'connect' && command === 'CONN') return 'greeting';
  if (code === 'ETLS') return 'tls';
  return stages[command] ?? reached;
}

/** Runs `start` until it calls `done`; past the deadline `late()` is the result. */
function withDeadline<Result>(
  ms: number,
  late: () => Result,
  start: (done: (result: Result) => void, extend: (ms: number) => void) => unknown,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const expire = () => resolve(late());
    let timer = setTimeout(expire, ms);
    const done = (result: Result) => {
      clearTimeout(timer);
      resolve(result);
    };
    const extend = (more: number) => {
      clearTimeout(timer);
      timer = setTimeout(expire, more);
    };
    const begin = async () => start(done, extend);
    begin().catch(error => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
