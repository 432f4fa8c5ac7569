import { describe, expect, it } from 'vitest';
import { aCapture, titleOf } from '../support/capture.ts';
import { startCli } from '../support/cli.ts';
import { cookieOf } from '../support/desk.ts';
import { aPlace } from '../support/place.ts';
import { freePort, parseMail, startSink } from '../support/smtp-sink.ts';

describe('an editor at the command line', () => {
  it('picks, drops, corrects and writes, and that is what arrives', async () => {
    const sink = await startSink();
    const place = aPlace({ SMTP_URL: sink.url, LANES: '1' });
    place.write('capture.txt', aCapture({ papers: 6 }));
    await place.run('subscribers', 'add', 'ada@example.org');
    const args = ['--papers', '3', '--pick', '5', '--drop', '2', '--note', '5=Read this one.'];
    const words = [
      '--title',
      '1=A Better Title',
      '--summary',
      '3=In short.',
      '--preheader',
      'Pre.',
    ];
    const intro = ['--intro', 'Good *morning*: <script>x</script> [here](https://a.test/x)'];
    const { code, stderr } = await place.run(
      ...['send', 'capture.txt', '--date', '2025-09-03', '--yes'],
      ...[...args, ...words, ...intro],
    );
    expect(stderr).toContain('1 sent');
    expect(code).toBe(0);
    const [mail] = await Promise.all(sink.mails.map(parseMail));
    const html = `${mail?.html}`;
    const order = [titleOf(5), 'A Better Title', titleOf(3), titleOf(2)].map(title =>
      html.indexOf(`>${title}</a>`),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(html).toContain('Read this one.');
    expect(html).toContain('>In short.<');
    expect(html).toContain(
      'Good <em>morning</em>: &lt;script&gt;x&lt;/script&gt; <a href="https://a.test/x"',
    );
    expect(mail?.text).toContain('here (https://a.test/x)');
    expect(html).toContain('Pre.');
  });

  it('sets a time, and nothing goes out before it', async () => {
    const sink = await startSink();
    const place = aPlace({ SMTP_URL: sink.url });
    place.write('capture.txt', aCapture({ papers: 3 }));
    await place.run('subscribers', 'add', 'ada@example.org');
    const { code, stderr } = await place.run('send', 'capture.txt', '--at', '07:30', '--yes');
    expect(stderr).toMatch(/edition 1 is scheduled for .* at 07:30 \(UTC\)/);
    expect(code).toBe(0);
    expect(sink.mails).toEqual([]);
    const { stdout } = await place.run('editions', 'list');
    expect(stdout).toContain('scheduled');
  });
});

describe('an editor at the desk of a real process', () => {
  it('has an edition sent once that was ordered right before a crash', async () => {
    const [smtp, port] = [await freePort(), await freePort()];
    const url = `smtp://127.0.0.1:${smtp}`;
    const place = aPlace({ SMTP_URL: url, PORT: `${port}`, DIGEST: 'capture.txt' });
    place.write('capture.txt', aCapture({ papers: 3 }));
    await place.run('subscribers', 'add', 'ada@example.org', 'grace@example.org');
    const first = startCli(['start'], place);
    let printed = '';
    first.child.stdout.on('data', chunk => {
      printed += chunk;
    });
    await first.said('Ctrl-C ends it');
    const [link = ''] = /http:\S+\/desk\?key=\S+/.exec(printed) ?? [];
    const cookie = cookieOf(await fetch(link, { redirect: 'manual' })) ?? '';
    const base = `http://127.0.0.1:${port}`;
    const post = (path: string, fields: Record<string, string>) =>
      fetch(`${base}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin: base },
        body: new URLSearchParams(fields),
      });
    const draft = (await post('/desk/drafts', { from: 'today' })).headers.get('location');
    const sent = await post(`${draft}/send`, { version: '1', when: 'now' });
    expect(sent.headers.get('location')).toBe('/desk/editions/1');
    first.child.kill('SIGKILL');
    await first.ended;

    let tellAll = () => {};
    const both = new Promise<void>(resolve => {
      tellAll = resolve;
    });
    const sink = await startSink({
      port: smtp,
      onMail: () => {
        if (sink.mails.length === 2) tellAll();
        return 'accept';
      },
    });
    const second = startCli(['start'], place);
    await both;
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
    expect(sink.recipients()).toEqual(['ada@example.org', 'grace@example.org']);
  });
});
