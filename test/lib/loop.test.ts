import { expect, it } from 'vitest';
import { startLoop, tryAgain } from '../../src/lib/loop.ts';
import { testRuntime } from '../support/runtime.ts';

/** A wait that takes no time, and what was waited for. */
function waits() {
  const rests: number[] = [];
  const wait = async (ms: number) => {
    rests.push(ms);
  };
  return { rests, wait };
}

it('rests as long as each round says, until one is the last', async () => {
  const { rests, wait } = waits();
  const left = [10, 20, null];
  await startLoop(async () => left.shift() ?? null, { wait }).ended;
  expect(rests).toEqual([10, 20]);
});

it('logs what failed and goes on, where it is told how', async () => {
  const { rests, wait } = waits();
  const { log, logs } = testRuntime();
  let rounds = 0;
  const round = async () => {
    rounds += 1;
    if (rounds === 1) throw new Error('no disk');
    return null;
  };
  await startLoop(round, { wait, onFailure: tryAgain(log, 'cleaning', 500) }).ended;
  expect(rests).toEqual([500]);
  expect(logs).toMatchObject([{ msg: 'cleaning failed; trying again', error: 'no disk' }]);
});

it('ends with what a round threw, where it is not', async () => {
  const loop = startLoop(() => Promise.reject(new Error('no disk')), waits());
  await expect(loop.ended).rejects.toThrow('no disk');
});

it('is woken from its rest, and begins no other round once it is told to end', async () => {
  const ending = new AbortController();
  let rounds = 0;
  const loop = startLoop(
    async () => {
      await null;
      rounds += 1;
      // While a round runs: the next one follows at once.
      if (rounds < 3) loop.wake();
      else ending.abort();
      return 1_000_000;
    },
    { signal: ending.signal },
  );
  await loop.ended;
  expect(rounds).toBe(3);
});
