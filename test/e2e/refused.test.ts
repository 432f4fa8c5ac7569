import { describe, expect, it, vi } from 'vitest';
import { addressesOver } from '../support/app.ts';
import { aCapture } from '../support/capture.ts';
import { startCli } from '../support/cli.ts';
import { aPlace, type Place } from '../support/place.ts';
import {
  refusingAfter,
  type ScriptedServer,
  startScripted,
  wordings,
} from '../support/scripted-smtp.ts';
import { freePort } from '../support/smtp-sink.ts';

const operator = 'operator@example.com';

/** A place with 200 readers over 40 domains, set up to send to this server. */
async function aPlaceFor(port: number, settings: Record<string, string> = {}): Promise<Place> {
  const smtp = { SMTP_URL: `smtp://127.0.0.1:${port}`, ADMIN_EMAIL: operator };
  const place = aPlace({ ...smtp, ...settings });
  place.write('capture.txt', aCapture());
  place.write('list.csv', ['email', ...addressesOver(40, 200), ''].join('\n'));
  await place.run('subscribers', 'import', 'list.csv');
  return place;
}

/** Refuses readers as `script` does; the operator's mail goes out. */
const toReaders =
  (script: NonNullable<ScriptedServer['script']>): ScriptedServer['script'] =>
  (step, occasion) =>
    occasion.recipient === operator ? undefined : script(step, occasion);

const toOperator = ({ mails }: ScriptedServer) =>
  mails
    .filter(({ recipient }) => recipient === operator)
    .map(({ wire }) => String(wire).replace(/=\r\n/g, ''));

describe('send, to a server that refuses us', () => {
  it('exits with 3, fails nobody, and mails the operator, whatever it says and when', async () => {
    const server = await startScripted();
    const { run } = await aPlaceFor(server.port);
    for (const [at, words] of wordings.slice(0, 2).entries()) {
      const after = [0, 50][at] ?? 0;
      server.script = toReaders(refusingAfter(after, at % 2 === 0 ? 'RCPT' : 'dot', words));
      const { code, stdout, stderr } = await run(
        'send',
        'capture.txt',
        '--again',
        '--yes',
        '--json',
      );
      const { edition, sent, deferred, failed } = JSON.parse(stdout);
      expect({ code, edition, failed, all: sent + deferred }).toEqual({
        code: 3,
        edition: at + 1,
        failed: 0,
        all: 200,
      });
      expect(stderr).toContain(`paperround editions resume ${edition}`);
      expect(toOperator(server).at(-1)).toContain(
        `edition ${edition} waits, the mail server refuses it`,
      );
    }
  }, 60_000);

  it('names the cure where it cannot know that it is us', async () => {
    const server = await startScripted(toReaders(refusingAfter(197, 'RCPT', () => '550 no relay')));
    const { run } = await aPlaceFor(server.port, { LANES: '1' });
    const send = () => run('send', 'capture.txt', '--date', '2025-09-03', '--yes');
    expect(await send()).toMatchObject({ code: 0, stderr: expect.stringContaining('3 failed') });
    const cure = 'paperround editions resend 1 --missed';
    expect((await send()).stderr).toContain(`3 readers could still get it: ${cure}`);
    server.script = null;
    expect(await run('editions', 'resend', '1', '--missed')).toMatchObject({ code: 0 });
  }, 30_000);
});

describe('send, to a server that names a limit', () => {
  it('says until when the edition waits', async () => {
    const said = '550 Domain news.example.org has exceeded the max emails per hour (51/50) allowed';
    const server = await startScripted(toReaders(refusingAfter(50, 'dot', () => said)));
    const { run } = await aPlaceFor(server.port);
    const { code, stderr } = await run('send', 'capture.txt', '--date', '2025-09-03', '--yes');
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /The server names a limit: the edition waits until .*\d\d:\d\d \(UTC\)\./,
    );
    const { stdout } = await run('editions', 'show', '1');
    expect(stdout).toMatch(/paused by relay: 550 .*; goes on .*\d\d:\d\d \(UTC\)/);
    expect(toOperator(server)).toEqual([expect.stringContaining('names a limit')]);
    server.script = null;
    expect(await run('send', 'capture.txt', '--date', '2025-09-03', '--yes')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('150 sent in'),
    });
  }, 30_000);
});

describe('one domain that refuses us', () => {
  it('is shown with its readers', async () => {
    const server = await startScripted((step, { recipient }) =>
      step === 'RCPT' && recipient.endsWith('@d7.example')
        ? { say: '550 5.7.515 Access denied' }
        : undefined,
    );
    const { run } = await aPlaceFor(server.port);
    const { code, stderr } = await run('send', 'capture.txt', '--date', '2025-09-03', '--yes');
    expect(code).toBe(3);
    expect(stderr).toMatch(/195 sent, 5 waiting in/);
    expect(stderr).toMatch(/d7\.example refuses us: 5 readers of it held back until/);
    const { stdout } = await run('editions', 'show', '1');
    expect(stdout).toMatch(/d7\.example {2}5 readers until .*: 550 5\.7\.515 Access denied/);
    const json = JSON.parse((await run('editions', 'show', '1', '--json')).stdout);
    expect(json.held).toMatchObject([{ domain: 'd7.example', readers: 5 }]);
  }, 30_000);
});

describe('start', () => {
  it('tells the operator by mail and at /healthz that a server refuses us', async () => {
    const [port, web] = [await freePort(), await freePort()];
    const place = await aPlaceFor(port, { PORT: `${web}`, LOG_LEVEL: 'error' });
    const down = await place.run('send', 'capture.txt', '--date', '2025-09-03', '--yes');
    expect(down.code).toBe(3);
    const refuses = toReaders(refusingAfter(0, 'RCPT', () => '550 relay not permitted'));
    const server = await startScripted(refuses, { port });
    const start = startCli(['start'], place);
    await start.said('Running.');
    await vi.waitFor(() => expect(toOperator(server)).toHaveLength(1), 20_000);
    const health = await fetch(`http://127.0.0.1:${web}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.text()).toBe('degraded\nedition 1 is stopped: 550 relay not permitted\n');
    start.child.kill('SIGTERM');
    expect(await start.ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('refuses us'),
    });
  }, 60_000);
});
