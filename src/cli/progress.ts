import cliProgress from 'cli-progress';
import { type Io, say } from './io.ts';

/** Shows how far a delivery has come. */
export type Progress = { tick(): void; stop(): void };

/** A bar with count, rate and time left on a terminal; a plain line each tenth elsewhere. */
export function startProgress(io: Io, total: number, now: () => number): Progress {
  return io.stderr.isTTY ? bar(io, total, now) : lines(io, total);
}

function bar(io: Io, total: number, now: () => number): Progress {
  const shown = new cliProgress.SingleBar({
    format: '  {bar} {value}/{total} · {speed} · {eta_formatted} left',
    stream: io.stderr as NodeJS.WritableStream as never,
    hideCursor: true,
    etaBuffer: 200,
    fps: 8,
    formatValue: (value, _options, type) =>
      type === 'value' || type === 'total' ? value.toLocaleString('en') : String(value),
  });
  const started = now();
  let done = 0;
  shown.start(total, 0, { speed: '0/s' });
  return {
    tick() {
      done += 1;
      const perSecond = done / (Math.max(now() - started, 1) / 1000);
      shown.update(done, { speed: `${Math.round(perSecond).toLocaleString('en')}/s` });
    },
    stop: () => shown.stop(),
  };
}

function lines(io: Io, total: number): Progress {
  const step = Math.max(Math.ceil(total / 10), 100);
  let done = 0;
  return {
    tick() {
      done += 1;
      if (done % step === 0)
        say(io, `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
    },
    stop: () => {},
  };
}
