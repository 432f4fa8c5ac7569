import { describe, expect, it } from 'vitest';
import { aCapture, titleOf } from '../support/capture.ts';
import { aPlace } from '../support/place.ts';
import { parseMail, startSink } from '../support/smtp-sink.ts';

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
