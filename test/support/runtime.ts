import { Writable } from 'node:stream';
import { createRuntime, type Runtime } from '../../src/lib/runtime.ts';

/** A runtime whose clock stands still until it is set; waiting moves it on at once. */
export type TestRuntime = Runtime & {
  /** What `now()` says, UTC ms. */
  time: number;
  /** What was logged, in order. */
  readonly logs: Record<string, unknown>[];
};

/** The morning on which tests happen, UTC ms. */
export const morning = Date.UTC(2025, 8, 3, 8);

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => count * 3_600_000;
export const days = (count: number) => hours(24 * count);

/** `onWait` is told of every wait, and may do what another process would do meanwhile. */
export function testRuntime({ onWait = () => {} }: { onWait?: () => void } = {}): TestRuntime {
  const logs: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      logs.push(JSON.parse(String(line)));
      done();
    },
  });
  const real = createRuntime('info', destination);
  const runtime: TestRuntime = {
    ...real,
    time: morning,
    logs,
    now: () => runtime.time,
    wait: async (ms, signal) => {
      onWait();
      await real.wait(0, signal);
      runtime.time += Math.ceil(ms);
    },
  };
  return runtime;
}
