import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { selfSigned } from './self-signed.ts';

/** Where in a conversation the server may do something unusual. */
export type Step =
  | 'greeting'
  | 'EHLO'
  | 'HELO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'dot'
  | 'RSET'
  | 'QUIT';

/** What to do there. `say`: any bytes; a CRLF is added to a text. `after`: wait for this first. */
export type Action = {
  readonly say?: string | Buffer;
  /** Close the connection, after what was said. */
  readonly drop?: true;
  readonly after?: Promise<unknown>;
};

/** Close without a word, and say nothing for ever. */
export const drop: Action = { drop: true };
export const hang: Action = {};
export const say = (text: string | Buffer): Action => ({ say: text });

/** What the server knows when it decides. Numbers count from 1. */
export type Occasion = {
  readonly connection: number;
  /** How often this step has come, on all connections. */
  readonly time: number;
  /** The command's line, and the recipient so far. */
  readonly line: string;
  readonly recipient: string;
};

/** What to do at a step; undefined: what any server does. */
export type Script = (step: Step, occasion: Occasion) => Action | undefined;

/** Does this at one step, always or where `when` holds. */
export function at(
  step: Step,
  action: Action | string,
  when: (occasion: Occasion) => boolean = () => true,
): Script {
  const what = typeof action === 'string' ? say(action) : action;
  return (now, occasion) => (now === step && when(occasion) ? what : undefined);
}

/** How servers refuse whoever sends, as if it were about the reader. */
export const wordings: readonly ((occasion: Occasion) => string)[] = [
  () => '550 relay not permitted',
  ({ recipient }) => `553 sorry, that sender is not allowed to write to <${recipient}> (#5.7.1)`,
  ({ recipient }) => `550 5.7.1 <${recipient}>: Relay access denied`,
  () => '550 5.4.6 Unusual sending activity detected. Please try after sometime',
  ({ time }) => `554 5.7.1 Message content refused [id ${time}-a8Kq/Zw9]`,
  ({ recipient }) => `550 ${recipient.split('@')[0]} may not be mailed by this account`,
  ({ time }) => `550-Your account is suspended\r\n550 see https://host.test/why?ticket=${time}`,
  () => '571 Konto gesperrt – bitte wenden Sie sich an den Betreiber',
];

/** Refuses all that come once so many were accepted. */
export function refusingAfter(
  accepted: number,
  step: 'RCPT' | 'dot',
  words: (typeof wordings)[number],
): Script {
  let count = 0;
  return (now, occasion) => {
    if (now === step && count >= accepted) return say(words(occasion));
    if (now === 'dot') count += 1;
    return undefined;
  };
}

/** A message that the server was given whole; `accepted`: it answered 250. */
export type ScriptedMail = {
  readonly recipient: string;
  /** The bytes as they were on the wire, without the final dot. */
  readonly wire: Buffer;
  readonly accepted: boolean;
};

export type ScriptedServer = {
  readonly port: number;
  /** May be changed at any time; null: behaves. */
  script: Script | null;
  /** Every message that came whole, in order, whatever was answered. */
  readonly mails: ScriptedMail[];
  /** Every line that came outside of messages, in order. */
  readonly lines: string[];
  /** How many connections there were. */
  readonly connections: number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
};

type Options = {
  /** What EHLO names; the server does no more for it. */
  readonly extensions?: readonly string[];
  readonly tls?: 'implicit' | 'starttls' | 'none';
  /** 0: any free one. */
  readonly port?: number;
  /** Write each byte by itself. */
  readonly bytewise?: boolean;
};

const goOn = '220 2.0.0 Go on';
const everyday = ['PIPELINING', 'SIZE 20000000', 'ENHANCEDSTATUSCODES', '8BITMIME'];

/** Starts an SMTP server on this machine that does what its script says. It ends with the test. */
export async function startScripted(
  script: Script | null = null,
  { extensions = everyday, tls = 'none', bytewise = false, port = 0 }: Options = {},
): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  const times = new Map<Step, number>();
  let quiet = () => {};
  const state = { script, mails: [] as ScriptedMail[], lines: [] as string[], connections: 0 };

  const converse = (plain: Socket) => {
    state.connections += 1;
    const connection = state.connections;
    open.add(plain);
    const gone = () => {
      open.delete(plain);
      if (open.size === 0) quiet();
    };
    plain.on('close', gone);
    let socket: Socket = plain;
    let held = Buffer.alloc(0);
    let recipient = '';
    let inMessage = false;
    let hasRecipient = false;
    let secured = tls === 'implicit';
    let turn: Promise<unknown> = Promise.resolve();

    const write = async (reply: string | Buffer) => {
      const bytes = typeof reply === 'string' ? Buffer.from(`${reply}\r\n`, 'latin1') : reply;
      for (const piece of bytewise ? bytes : [bytes]) {
        if (socket.destroyed) return;
        socket.write(typeof piece === 'number' ? Buffer.of(piece) : piece);
        if (bytewise) await new Promise(setImmediate);
      }
    };
    /** @returns what was said, which tells whether something was accepted. */
    const perform = async (step: Step, line: string, usual: string): Promise<string> => {
      const time = (times.get(step) ?? 0) + 1;
      times.set(step, time);
      const action = state.script?.(step, { connection, time, line, recipient }) ?? say(usual);
      if (action.after) await action.after;
      if (action.say !== undefined) await write(action.say);
      if (action.drop) socket.destroySoon();
      return String(action.say ?? '');
    };
    const command = async (line: string) => {
      state.lines.push(line);
      const verb = (/^[A-Za-z]+/.exec(line)?.[0] ?? '').toUpperCase();
      switch (verb) {
        case 'EHLO': {
          const offered =
            tls === 'starttls' && !secured ? [...extensions, 'STARTTLS'] : [...extensions];
          const names = ['scripted', ...offered];
          const usual = names.map((name, n) => `250${n < names.length - 1 ? '-' : ' '}${name}`);
          return perform(verb, line, usual.join('\r\n'));
        }
        case 'STARTTLS':
          if ((await perform(verb, line, goOn)) === goOn) upgrade();
          return;
        case 'AUTH':
          return perform(verb, line, '235 2.7.0 Welcome');
        case 'RCPT': {
          recipient = /<([^>]*)>/.exec(line)?.[1] ?? '';
          const said = await perform(verb, line, '250 2.1.5 Ok');
          hasRecipient = said.startsWith('2');
          return;
        }
        case 'DATA': {
          const usual = hasRecipient ? '354 Go on' : '554 5.5.1 No valid recipients';
          inMessage = (await perform(verb, line, usual)).startsWith('354');
          hasRecipient = false;
          return;
        }
        case 'QUIT':
          await perform(verb, line, '221 2.0.0 Bye');
          socket.end();
          return;
        case 'HELO':
        case 'MAIL':
        case 'RSET':
          return perform(verb, line, '250 2.0.0 Ok');
        default:
          return write('500 5.5.2 What?');
      }
    };
    const message = async (wire: Buffer) => {
      inMessage = false;
      const mail = { recipient, wire, accepted: false };
      state.mails.push(mail);
      mail.accepted = (await perform('dot', '', '250 2.0.0 Ok: kept')).startsWith('2');
    };
    const read = async () => {
      for (;;) {
        if (inMessage) {
          const isEmpty = held.indexOf('.\r\n') === 0;
          const end = isEmpty ? -2 : held.indexOf('\r\n.\r\n');
          if (end === -1) return;
          const wire = held.subarray(0, end + 2);
          held = held.subarray(end + 5);
          await message(wire);
        } else {
          const end = held.indexOf('\r\n');
          if (end === -1) return;
          const line = held.toString('latin1', 0, end);
          held = held.subarray(end + 2);
          await command(line);
        }
      }
    };
    const listen = () => {
      // Clients that vanish are part of the tests.
      socket.on('error', () => socket.destroy());
      socket.on('end', () => socket.destroy());
      socket.on('data', chunk => {
        held = Buffer.concat([held, chunk]);
        turn = turn.then(read);
      });
    };
    const secure = () => {
      secured = true;
      plain.removeAllListeners('data');
      const secureContext = createSecureContext(selfSigned);
      socket = new TLSSocket(plain, { isServer: true, secureContext });
      socket.on('close', gone);
      listen();
    };
    const upgrade = () => {
      held = Buffer.alloc(0);
      secure();
    };
    if (secured) secure();
    else listen();
    turn = perform('greeting', '', '220 scripted ESMTP');
  };

  const server = createServer({ noDelay: true }, converse);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    mails: state.mails,
    lines: state.lines,
    get script() {
      return state.script;
    },
    set script(next) {
      state.script = next;
    },
    get connections() {
      return state.connections;
    },
    idle: () =>
      new Promise(resolve => {
        quiet = resolve;
        if (open.size === 0) resolve();
      }),
  };
}
