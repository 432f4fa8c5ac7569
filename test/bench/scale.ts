import type { Rendered } from '../../src/mail/render/rendered.ts';
import { runContender, wireOf } from './run-contender.ts';
import { startSink } from './sink.ts';

/** Delivering to a list of this size: peak memory in MB, and what freezing the audience took. */
export type ScaleFigures = {
  readonly readers: number;
  readonly messages: number;
  readonly rssMb: number;
  readonly freezeSeconds: number;
  /** The longest that freezing held the event loop, ms. */
  readonly longestHoldMs: number;
};

/**
 * Ours with a list of ten thousand and one of a million. `whole`: the million is also delivered,
 * else the first thirty thousand of it.
 */
export async function measureScale(
  rendered: Rendered,
  { quick, whole }: { readonly quick: boolean; readonly whole: boolean },
): Promise<readonly ScaleFigures[]> {
  const sink = await startSink();
  const wire = wireOf(rendered);
  const task = { kind: 'ours', port: sink.port, lanes: 40, dkimKey: null, rendered, wire } as const;
  const most = quick ? 3_000 : 30_000;
  try {
    return [10_000, 1_000_000].map(readers => {
      const messages = whole ? readers : Math.min(readers, most);
      const { rssMb, freezeSeconds, longestHoldMs } = runContender({ ...task, readers, messages });
      const nothing = Number.NaN;
      return {
        readers,
        messages,
        rssMb,
        freezeSeconds: freezeSeconds ?? nothing,
        longestHoldMs: longestHoldMs ?? nothing,
      };
    });
  } finally {
    sink.stop();
  }
}
