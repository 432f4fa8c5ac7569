import { readFileSync } from 'node:fs';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { describe, expect, it } from 'vitest';
import { WireConnection } from '../../src/transport/wire-connection.ts';
import { startScripted } from '../support/scripted-smtp.ts';

/** What src/transport/ uses of nodemailer that no documentation promises. */
type Private = {
  _createSendStream(done: (error: Error | null, reply?: string) => void): unknown;
  _actionSMTPStream(reply: string, done: (error: Error | null, reply?: string) => void): void;
  readonly _responseActions: unknown;
  readonly _socket: { readonly cork?: unknown; readonly write?: unknown };
  readonly destroyed: boolean;
};

const prototype = SMTPConnection.prototype as unknown as Private;

async function connected() {
  const server = await startScripted();
  const connection = new WireConnection({
    host: '127.0.0.1',
    port: server.port,
    ignoreTLS: true,
    name: 'client.example.org',
  });
  connection.on('error', () => {});
  await new Promise<void>(resolve => connection.connect(() => resolve()));
  return { server, connection, internals: connection as unknown as Private };
}

/** Sends these segments as a message. @returns the error or the answer. */
const send = (connection: WireConnection, segments: unknown) =>
  new Promise<{ error: Error | null; size?: number | undefined }>(resolve => {
    const envelope = { from: 'a@example.org', to: ['b@example.org'] };
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
