import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realSettings } from '../support/app.ts';
import { aCapture } from '../support/capture.ts';
import { runCli, startCli } from '../support/cli.ts';
import { startDatabase } from '../support/database.ts';
import { freePort, startSink } from '../support/smtp-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A folder in which the demo can be started, one after the other. */
async function aPlace() {
  const cwd = tempFolder();
  const port = await freePort();
  const env = { PORT: String(port), LOG_LEVEL: 'info' };
  const page = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  const files = () => readdirSync(join(cwd, 'subscribers/demo/inbox')).sort();
  return { cwd, port, page, files, start: () => startCli(['start'], { cwd, env }) };
}

/** Ends a program as Ctrl-C does. */
function interrupt({ child, ended }: ReturnType<typeof startCli>) {
  child.kill('SIGINT');
  return ended;
}

const mailLinks = (inbox: string) =>
  [...inbox.matchAll(/href="\/inbox\/([\w-]+)"/g)].map(m => m[1]);

describe('the demo', () => {
  it('delivers today’s edition to its inbox, says where to look, and ends on Ctrl-C', async () => {
    const { port, page, start, files } = await aPlace();
    const run = start();
    await run.said('Ctrl-C ends it.');
    await run.said('delivered what was due');
    const names = mailLinks(await page('/inbox'));
    expect(names).toHaveLength(2);
    expect(await page(`/inbox/${names[0]}/html`)).toContain('<html');
    expect(await page('/')).toContain('Get trending papers in your email inbox!');

    const { code, stdout } = await interrupt(run);
    expect(code).toBe(0);
    expect(stdout).toMatch(/demo: nothing leaves this machine/);
    expect(stdout).toContain(`page          http://127.0.0.1:${port}/\n`);
    expect(stdout).toContain(`inbox         http://127.0.0.1:${port}/inbox`);
    expect(stdout).toMatch(/next edition {2}\w+, \d+ \w+ \d{4} at 08:00 \(UTC\)/);
    expect(files()).toHaveLength(2);
  });

  it('started again the same day sends nothing twice and still shows the mails', async () => {
    const { cwd, page, start, files } = await aPlace();
    const first = start();
    await first.said('delivered what was due');
    await first.said('Ctrl-C ends it.');
    await interrupt(first);
    const kept = files();

    const second = start();
    await second.said('Ctrl-C ends it.');
    expect(mailLinks(await page('/inbox'))).toHaveLength(2);
    expect(await interrupt(second)).toMatchObject({ code: 0 });
    expect(files()).toEqual(kept);
    const db = await startDatabase({ path: join(cwd, 'subscribers/demo/paperround.db') });
    const rows = await db.selectFrom('deliveries').select(['state', 'attempts']).execute();
    expect(rows).toEqual([
      { state: 'sent', attempts: 1 },
      { state: 'sent', attempts: 1 },
    ]);
  });

  it('lets a reader leave through the link in the mail', async () => {
    const { port, page, start } = await aPlace();
    const run = start();
    await run.said('delivered what was due');
    await run.said('Ctrl-C ends it.');
    const [name] = mailLinks(await page('/inbox'));
    const [, link = ''] =
      /(\/unsubscribe\/[\w-]{42})/.exec(await page(`/inbox/${name}/text`)) ?? [];
    const answer = await fetch(`http://127.0.0.1:${port}${link}`, { method: 'POST' });
    expect(await answer.text()).toContain('You are unsubscribed');
    expect(await interrupt(run)).toMatchObject({ code: 0 });
  });

  it('says so where its port is taken, and starts nothing', async () => {
    const taken = await startSink();
    const cwd = tempFolder();
    const { code, stdout, stderr } = await runCli(['start'], {
      cwd,
      env: { PORT: String(taken.port) },
    });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/cannot listen at 127\.0\.0\.1:\d+: .*Set PORT to a free one/);
  });
});

describe('start', () => {
  it('with some settings but not all is an error, never a silent demo', async () => {
    const cwd = tempFolder();
    const { code, stderr } = await runCli(['start'], {
      cwd,
      env: { SMTP_URL: 'smtp://x.example' },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/MAIL_FROM, POSTAL_ADDRESS are not set/);
    expect(existsSync(join(cwd, 'subscribers'))).toBe(false);
  });

  it('refuses the demo’s database when it sends for real', async () => {
    const place = await aPlace();
    const demo = place.start();
    await demo.said('Ctrl-C ends it.');
    await interrupt(demo);
    writeFileSync(join(place.cwd, 'capture.txt'), aCapture());
    const env = {
      ...realSettings('smtp://127.0.0.1:1'),
      DATABASE_URL: 'sqlite:subscribers/demo/paperround.db',
    };
    const args = ['send', 'capture.txt', '--yes'];
    const { code, stderr } = await runCli(args, { cwd: place.cwd, env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/was made by the demo; set DATABASE_URL to another file/);
  });
});
