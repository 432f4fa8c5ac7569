import { describe, expect, it } from 'vitest';
import { aCapture } from '../support/capture.ts';
import { aPlace } from '../support/place.ts';
import { startSink } from '../support/smtp-sink.ts';

describe('send', () => {
  it('--dry-run and --test store and send nothing to readers', async () => {
    const sink = await startSink();
    const { run, write } = aPlace({ SMTP_URL: sink.url });
    write('capture.txt', aCapture());
    await run('subscribers', 'add', 'ada@example.org');
    const dry = await run('send', 'capture.txt', '--dry-run', '--json');
    expect(JSON.parse(dry.stdout)).toMatchObject({ edition: null, recipients: 1, dryRun: true });
    expect(dry.stdout).toMatch(/^\{\s*"edition": null,\s*"kind": "manual",\s*"date": /);
    const test = await run('send', 'capture.txt', '--test', 'me@example.org', '--json');
    expect(JSON.parse(test.stdout)).toMatchObject({ edition: null, reason: 'test', sent: 1 });
    expect(sink.recipients()).toEqual(['me@example.org']);
    const { stdout } = await run('editions', '--json');
    expect(JSON.parse(stdout)).toEqual({ editions: [], slots: [] });
  });

  it('--to reaches these alone', async () => {
    const sink = await startSink();
    const { run, write } = aPlace({ SMTP_URL: sink.url });
    write('capture.txt', aCapture());
    await run('subscribers', 'add', 'ada@example.org', 'emmy@example.org');
    const to = ['--to', 'guest@example.org', '--to', 'ada@example.org'];
    await run('send', 'capture.txt', '--yes', ...to);
    expect(sink.recipients()).toEqual(['ada@example.org', 'guest@example.org']);
  });

  it('--to somebody who left reaches no one else instead, though others still wait', async () => {
    const sink = await startSink({ defers: () => true });
    const { run, write } = aPlace({ SMTP_URL: sink.url });
    write('capture.txt', aCapture());
    await run('subscribers', 'add', 'ada@example.org', 'emmy@example.org', 'alan@example.org');
    await run('subscribers', 'remove', 'alan@example.org');
    const send = (to: string) => run('send', 'capture.txt', '--yes', '--json', '--to', to);
    expect(await send('ada@example.org')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('1 × 451 4.3.0 Later'),
    });
    const { stderr, stdout } = await send('alan@example.org');
    expect(stderr).toContain('alan@example.org left or was removed, and will not get it');
    expect(JSON.parse(stdout)).toMatchObject({ recipients: 0 });
  });
});
describe('editions', () => {
  it('are listed, shown, paused, resumed and cancelled', async () => {
    const sink = await startSink({ defers: () => true });
    const { run, write } = aPlace({ SMTP_URL: sink.url });
    write('capture.txt', aCapture());
    await run('subscribers', 'add', 'ada@example.org');
    await run('send', 'capture.txt', '--yes');
    const show = async () => JSON.parse((await run('editions', 'show', '1', '--json')).stdout);
    expect(await show()).toMatchObject({ id: 1, status: 'sending', deliveries: { deferred: 1 } });
    await run('editions', 'pause', '1');
    const paused = await run('send', 'capture.txt', '--yes');
    expect(paused).toMatchObject({ code: 3, stderr: expect.stringContaining('editions resume 1') });
    expect(await run('editions', 'resume', '1')).toMatchObject({ code: 0 });
    await run('editions', 'cancel', '1');
    expect(await show()).toMatchObject({ status: 'cancelled', deliveries: { skipped: 1 } });
    expect(await run('editions', 'resume', '1')).toMatchObject({
      code: 1,
      stderr: 'paperround: edition 1 is cancelled and cannot become sending\n',
    });
  });

  it('are sent once more to whom one names, and to nobody else', async () => {
    const sink = await startSink();
    const { run, write } = aPlace({ SMTP_URL: sink.url });
    write('capture.txt', aCapture());
    await run('subscribers', 'add', 'ada@example.org', 'emmy@example.org');
    await run('send', 'capture.txt', '--yes');
    const [first] = sink.mails.filter(({ to }) => to.includes('ada@example.org'));
    sink.clear();
    const again = await run('editions', 'resend', '1', '--to', 'ada@example.org');
    expect(again).toMatchObject({ code: 0, stderr: 'sent again to 1 reader\n' });
    expect(sink.mails).toEqual([first]);
  });
});
