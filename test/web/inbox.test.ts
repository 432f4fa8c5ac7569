import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { demoSmtp } from '../../src/app.ts';
import { openConnection } from '../../src/delivery/smtp.ts';
import { startInbox } from '../../src/web/inbox/mailbox.ts';
import { startApp } from '../support/app.ts';
import { testRuntime } from '../support/runtime.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { webOf } from '../support/web.ts';

const mail = (subject: string, body = '<p>Hello</p><script>alert(1)</script>') =>
  Buffer.from(
    `From: Papers <papers@demo.example>\r\nTo: <ada@demo.example>\r\nSubject: ${subject}\r\n` +
      `Date: Wed, 03 Sep 2025 08:00:00 +0000\r\nContent-Type: text/html\r\n\r\n${body}\r\n`,
  );

async function anInbox({ keep = 500, directory = tempFolder() } = {}) {
  const inbox = await startInbox({ directory, keep }, testRuntime());
  onTestFinished(() => inbox.close());
  const receive = async (...mails: Buffer[]) => {
    const connection = await openConnection(demoSmtp(inbox.port));
    if ('kind' in connection) throw new Error('no connection to the inbox');
    for (const segment of mails) {
      const envelope = { from: 'papers@demo.example', to: 'ada@demo.example' };
      await connection.send({ ...envelope, size: segment.length, segments: [segment] });
    }
    connection.close();
  };
  return { inbox, receive, directory };
}

describe('the inbox', () => {
  it('keeps mails as files that are still there after a restart, newest first', async () => {
    const { receive, directory } = await anInbox();
    await receive(mail('one'), mail('two'));
    const { inbox } = await anInbox({ directory });
    expect(await inbox.list()).toMatchObject([
      { subject: 'two', to: 'ada@demo.example', from: 'Papers <papers@demo.example>' },
      { subject: 'one' },
    ]);
  });

  it('is its user’s alone, whatever the umask', async () => {
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const { receive, directory } = await anInbox({ directory: join(tempFolder(), 'demo/inbox') });
    await receive(mail('one'));
    const [file = ''] = readdirSync(directory);
    const modes = [dirname(directory), directory, join(directory, file)].map(
      path => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  it('keeps the newest and lets go of the others', async () => {
    const { inbox, receive } = await anInbox({ keep: 2 });
    await receive(mail('one'), mail('two'), mail('three'));
    expect((await inbox.list()).map(({ subject }) => subject)).toEqual(['three', 'two']);
  });

  it.each(['..', '../../etc/passwd', 'x', '', '.'])('has no mail called %j', async name => {
    const { inbox } = await anInbox();
    expect(await inbox.read(name)).toBeNull();
  });

  it('shows its mails, and each as HTML, text and source', async () => {
    const { inbox, receive } = await anInbox();
    await receive(mail('Hello &amp; <b>welcome</b>'));
    const web = webOf(await startApp(), { inbox });
    const [{ name } = { name: '' }] = await inbox.list();
    const page = await (await web.request('/inbox')).text();
    expect(page).toContain(`href="/inbox/${name}"`);
    expect(page).not.toContain('<b>welcome');
    for (const path of ['', '/html', '/text', '/source']) {
      expect((await web.request(`/inbox/${name}${path}`)).status).toBe(200);
    }
    expect(await (await web.request(`/inbox/${name}/source`)).text()).toContain('Delivered-To:');
  });

  it('shows a mail’s HTML in a sandbox, without scripts and without anything from elsewhere', async () => {
    const { inbox, receive } = await anInbox();
    await receive(mail('one'));
    const web = webOf(await startApp(), { inbox });
    const [{ name } = { name: '' }] = await inbox.list();
    const { headers } = await web.request(`/inbox/${name}/html`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox /);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|allow-forms/);
    expect(await (await web.request(`/inbox/${name}`)).text()).toMatch(/<iframe sandbox="/);
  });

  it('opens a mail’s links outside of its frame', async () => {
    const { inbox, receive } = await anInbox();
    await receive(
      mail('one', '<html><head><title>x</title></head><a href="https://x.example">x</a>'),
    );
    const web = webOf(await startApp(), { inbox });
    const [{ name } = { name: '' }] = await inbox.list();
    const html = await (await web.request(`/inbox/${name}/html`)).text();
    expect(html).toContain('<head><base target="_blank"><title>');
  });

  it('has a page that says so for a mail that is gone', async () => {
    const { inbox } = await anInbox();
    const web = webOf(await startApp(), { inbox });
    for (const path of ['x', 'x/html', 'x/text', 'x/source', 'x/other']) {
      expect((await web.request(`/inbox/${path}`)).status).toBe(404);
    }
  });
});
