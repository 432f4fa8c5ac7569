import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Runtime } from '../../lib/runtime.ts';

/** A mail that the inbox holds. `name` is its file's name without `.eml`. */
export type InboxMail = Readonly<Record<'name' | 'to' | 'from' | 'subject' | 'date', string>>;

/** A mail with its content. */
export type InboxMailContent = InboxMail & Readonly<Record<'html' | 'text' | 'source', string>>;

/** The demo's mailbox: a real SMTP server on loopback that keeps mails as files. */
export type Inbox = {
  readonly port: number;
  /** Newest first. */
  list(): Promise<InboxMail[]>;
  read(name: string): Promise<InboxMailContent | null>;
  close(): Promise<void>;
};

const maxMailBytes = 5 * 1024 * 1024;

/** Starts the inbox; the newest `keep` mails stay in `directory` as `.eml` files. */
export async function startInbox(
  { directory, keep }: { directory: string; keep: number },
  runtime: Runtime,
): Promise<Inbox> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  let sequence = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: maxMailBytes,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', () => {
        sequence += 1;
        const name = `${runtime.now()}-${String(sequence).padStart(6, '0')}`;
        store(directory, name, envelopeLines(session), Buffer.concat(chunks))
          .then(() => prune(directory, keep))
          .then(() => done(null, `2.0.0 Ok: kept as ${name}`), done);
      });
    },
  });
  server.on('error', error => runtime.log.warn({ error: error.message }, 'inbox'));
  const port = await listen(server);
  return {
    port,
    list: () => listMails(directory),
    read: name => readMail(directory, name),
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.server.address();
      if (address && typeof address === 'object') resolve(address.port);
    });
  });
}

/** Trace headers as a delivering server writes them (RFC 5321 §4.4). */
function envelopeLines(session: SMTPServerSession): string {
  const sender = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
  const recipients = session.envelope.rcptTo.map(({ address }) => address);
  return `Return-Path: <${sender}>\r\nDelivered-To: ${recipients.join(', ')}\r\n`;
}

async function store(directory: string, name: string, envelope: string, content: Buffer) {
  const part = join(directory, `${name}.part`);
  await writeFile(part, Buffer.concat([Buffer.from(envelope), content]), { mode: 0o600 });
  await rename(part, join(directory, `${name}.eml`));
}

/** Names without `.eml`, newest first: a name begins with its time. */
async function mailNames(directory: string): Promise<string[]> {
  const files = (await readdir(directory)).filter(file => file.endsWith('.eml'));
  return files.map(file => file.slice(0, -'.eml'.length)).sort((a, b) => (a < b ? 1 : -1));
}

async function prune(directory: string, keep: number): Promise<void> {
  const surplus = (await mailNames(directory)).slice(keep);
  await Promise.all(surplus.map(name => rm(join(directory, `${name}.eml`), { force: true })));
}

async function listMails(directory: string): Promise<InboxMail[]> {
  const mails = await Promise.all(
    (await mailNames(directory)).map(async name => {
      const head = await readHead(join(directory, `${name}.eml`));
      return head ? headOf(name, await PostalMime.parse(head)) : null;
    }),
  );
  return mails.filter(mail => mail !== null);
}

/** The headers alone: a list of 500 mails need not read 40 MB. */
async function readHead(path: string): Promise<Buffer | null> {
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16_384), 0, 16_384, 0);
    const end = buffer.indexOf('\r\n\r\n');
    return buffer.subarray(0, end === -1 ? bytesRead : end);
  } finally {
    await file.close();
  }
}

async function readMail(directory: string, name: string): Promise<InboxMailContent | null> {
  if (!/^[\w-]+$/.test(name)) return null;
  const source = await readFile(join(directory, `${name}.eml`)).catch(() => null);
  if (!source) return null;
  const mail = await PostalMime.parse(source);
  return {
    ...headOf(name, mail),
    html: mail.html ?? '',
    text: mail.text ?? '',
    source: source.toString('utf8'),
  };
}

function headOf(name: string, { from, deliveredTo, subject, date }: Email): InboxMail {
  return {
    name,
    from: from?.name ? `${from.name} <${from.address}>` : (from?.address ?? ''),
    to: deliveredTo ?? '',
    subject: subject ?? '(no subject)',
    date: date ? new Date(date).toUTCString() : '',
  };
}
