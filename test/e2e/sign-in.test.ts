import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { aCapture } from '../support/capture.ts';
import { runProcess } from '../support/cli.ts';
import { aPlace } from '../support/place.ts';
import { selfSigned } from '../support/self-signed.ts';

type Seen = { method: string; username: string; secret: string; secure: boolean };

/** A server that takes mail from who signed in over TLS; it tells how that was done. */
async function startStrictServer(): Promise<{ port: number; seen: Seen[]; mails: string[] }> {
  const seen: Seen[] = [];
  const mails: string[] = [];
  const server = new SMTPServer({
    ...selfSigned,
    authMethods: ['PLAIN', 'XOAUTH2'],
    disableReverseLookup: true,
    closeTimeout: 1,
    logger: false,
    onAuth({ method, username = '', password, accessToken }, session, done) {
      seen.push({
        method,
        username,
        secret: password ?? accessToken ?? '',
        secure: session.secure,
      });
      done(null, { user: username });
    },
    onData(stream, session, done) {
      stream.resume().on('end', () => {
        mails.push(...session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, seen, mails };
}

it.each([
  ['password', 'PLAIN'],
  ['xoauth2', 'XOAUTH2'],
])('signs in over STARTTLS by %s, with a secret that a command prints', async (auth, method) => {
  const { port, seen, mails } = await startStrictServer();
  const { cwd, env, run, write } = aPlace({
    SMTP_URL: `smtp://localhost:${port}?tls=required`,
    SMTP_USER: 'papers@example.org',
    SMTP_PASSWORD_COMMAND: 'echo "tok#en"',
    SMTP_AUTH: auth,
    NODE_EXTRA_CA_CERTS: 'ca.pem',
  });
  write('ca.pem', selfSigned.cert);
  write('capture.txt', aCapture());
  await run('subscribers', 'add', 'ada@example.org');
  const { code, stderr } = await runProcess(['send', 'capture.txt', '--yes'], { cwd, env });
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  expect(mails).toEqual(['ada@example.org']);
  const signedIn = { method, username: 'papers@example.org', secret: 'tok#en', secure: true };
  expect(seen).toEqual([signedIn]);
});
