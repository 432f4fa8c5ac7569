import { expect, it } from 'vitest';
import { aCapture } from '../support/capture.ts';
import { aPlace } from '../support/place.ts';
import { startSink } from '../support/smtp-sink.ts';

const readers = 120;

it('two processes on one database send an edition together, to nobody twice, within SEND_RATE', async () => {
  const sink = await startSink();
  const settings = { SMTP_URL: sink.url, SEND_RATE: '50/s', LANES: '20' };
  const { run, write } = aPlace(settings);
  write('capture.txt', aCapture());
  const everybody = Array.from({ length: readers }, (_, at) => `reader${at}@example.org`);
  write('list.csv', `email\n${everybody.join('\n')}\n`);
  await run('subscribers', 'import', 'list.csv');
  const send = () => run('send', 'capture.txt', '--date', '2025-09-03', '--yes', '--json');
  const results = await Promise.all([send(), send()]);

  expect(results.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(sink.recipients()).toEqual(everybody.toSorted());
  // The busiest second: as many as came within one second from some message on.
  const busiest = sink.mailTimes.map(
    start => sink.mailTimes.filter(time => time >= start && time < start + 1_000).length,
  );
  expect(Math.max(...busiest)).toBeLessThanOrEqual(50);
});
