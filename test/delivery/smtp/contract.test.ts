import { readFileSync } from 'node:fs';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { describe, expect, it } from 'vitest';
import { WireConnection } from '../../../src/delivery/wire-connection.ts';
import { type Script, say, startScripted } from '../../support/scripted-smtp.ts';
import { selfSigned } from '../../support/self-signed.ts';

/** What src/transport/ uses of nodemailer that no documentation promises. */
type Private = {
  _createSendStream(done: (error: Error | null, reply?: string) => void): unknown;
  _actionSMTPStream(reply: string, done: (error: Error | null, reply?: string) => void): void;
  readonly _responseActions: unknown;
  readonly _supportedExtensions: unknown;
  readonly _socket: { readonly cork?: unknown; readonly write?: unknown };
  readonly destroyed: boolean;
};

const prototype = SMTPConnection.prototype as unknown as Private;

async function connected(...script: Parameters<typeof startScripted>) {
  const server = await startScripted(...script);
  const connection = new WireConnection({
    host: '127.0.0.1',
    port: server.port,
    name: 'client.example.org',
    tls: { ca: selfSigned.cert },
  });
  connection.on('error', () => {});
  await new Promise<void>(resolve => connection.connect(() => resolve()));
  return { server, connection, internals: connection as unknown as Private };
}

/** Sends these segments as a message. @returns the error or the answer. */
const send = (connection: WireConnection, segments: unknown, to = 'b@example.org') =>
  new Promise<{ error: Error | null; size?: number | undefined }>(resolve => {
    const envelope = { from: 'a@example.org', to: [to] };
    connection.send(envelope, segments as never, (error, info) =>
      resolve({ error, size: info?.messageSize }),
    );
  });

describe('nodemailer’s private parts', () => {
  it('are those of the one version that package.json names', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    const installed = JSON.parse(readFileSync('node_modules/nodemailer/package.json', 'utf8'));
    expect(manifest.dependencies.nodemailer).toMatch(/^\d+\.\d+\.\d+$/);
    expect(installed.version).toBe(manifest.dependencies.nodemailer);
  });

  it('have the methods that are replaced and called', () => {
    expect(prototype._createSendStream).toHaveLength(1);
    expect(prototype._actionSMTPStream).toHaveLength(2);
    const own = WireConnection.prototype as unknown as Private;
    expect(own._createSendStream).not.toBe(prototype._createSendStream);
  });

  it('have the socket and the queue of replies', async () => {
    const { internals, connection } = await connected();
    expect(internals._responseActions).toEqual([]);
    expect(internals._socket.cork).toBeTypeOf('function');
    expect(internals._socket.write).toBeTypeOf('function');
    expect(internals.destroyed).toBe(false);
    connection.close();
    expect(internals.destroyed).toBe(true);
  });

  it('judge the reply to a message: the first digit decides', () => {
    const judged = (reply: string) => {
      let error: unknown = 'not called';
      const formatting = Object.create(prototype) as Private;
      formatting._actionSMTPStream(reply, problem => {
        error = problem;
      });
      return error;
    };
    expect(judged('250 Ok')).toBeNull();
    expect(judged('451 4.3.0 Later')).toMatchObject({
      code: 'EMESSAGE',
      command: 'DATA',
      response: '451 4.3.0 Later',
      responseCode: 451,
    });
  });

  it('ask for a stream, write the message to it once, and end it', async () => {
    const { server, connection } = await connected();
    let dots = 0;
    connection.onFinalDot = () => {
      dots += 1;
    };
    const segments = ['Subject: x\r\n', '\r\n', 'Hello.\r\n'].map(text => Buffer.from(text));
    expect(await send(connection, segments)).toEqual({ error: null, size: 25 });
    expect(dots).toBe(1);
    expect(String(server.mails[0]?.wire)).toBe('Subject: x\r\n\r\nHello.\r\n');
    connection.close();
  });

  it('send the next message over the same connection', async () => {
    const { server, connection } = await connected();
    for (const text of ['1\r\n', '2\r\n']) await send(connection, [Buffer.from(text)]);
    expect(server.mails.map(({ wire }) => String(wire))).toEqual(['1\r\n', '2\r\n']);
    expect(server.connections).toBe(1);
    connection.close();
  });

  it('have the extensions that the server offered', async () => {
    const { internals, connection } = await connected(null, {
      extensions: ['SMTPUTF8', 'PIPELINING'],
    });
    expect(internals._supportedExtensions).toEqual(['SMTPUTF8', 'PIPELINING']);
    expect(connection.smtputf8).toBe(true);
    connection.close();
  });

  it('forget what was offered before TLS', async () => {
    const plain = '250-scripted\r\n250-STARTTLS\r\n250 SMTPUTF8';
    const script: Script = (step, { time }) =>
      step === 'EHLO' && time === 1 ? say(plain) : undefined;
    const options = { tls: 'starttls', extensions: ['SIZE 1000'] } as const;
    const { internals, connection } = await connected(script, options);
    expect(internals._supportedExtensions).toEqual(['SIZE']);
    expect(connection.smtputf8).toBe(false);
    connection.close();
  });

  it('ask for SMTPUTF8 for an address beyond ASCII alone, and write it as UTF-8', async () => {
    const { server, connection } = await connected(null, {
      extensions: ['SMTPUTF8', '8BITMIME', 'PIPELINING'],
    });
    const addresses = ['b@example.org', 'jürgen@example.org', '😀@example.org'];
    for (const to of addresses) await send(connection, [Buffer.from('x\r\n')], to);
    const envelopes = server.lines.filter(line => /^(MAIL|RCPT)/.test(line));
    expect(envelopes.map(line => Buffer.from(line, 'latin1').toString())).toEqual([
      'MAIL FROM:<a@example.org>',
      'RCPT TO:<b@example.org>',
      'MAIL FROM:<a@example.org> SMTPUTF8',
      'RCPT TO:<jürgen@example.org>',
      'MAIL FROM:<a@example.org> SMTPUTF8',
      'RCPT TO:<😀@example.org>',
    ]);
    connection.close();
  });

  it('say “end” once when the connection is over', async () => {
    const { connection } = await connected();
    let ends = 0;
    connection.on('end', () => {
      ends += 1;
    });
    connection.close();
    connection.close();
    expect(ends).toBe(1);
  });
});
