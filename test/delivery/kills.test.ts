import { beforeAll, describe, expect, it } from 'vitest';
import { type Plan, runChaos } from '../chaos/chaos.ts';
import { buildChaos } from '../support/build-tools.ts';

// The short form; `npm run test:chaos` kills two hundred times.
describe('a delivering process that is ended at random instants', () => {
  let programs = '';
  beforeAll(() => {
    programs = buildChaos();
  });
  const run = (values: Partial<Plan>) =>
    runChaos({
      readers: 300,
      lanes: 5,
      ends: 3,
      signal: 'SIGKILL',
      cutting: 0,
      seed: 7,
      programs,
      ...values,
    });

  it('by SIGKILL: nobody is forgotten, and a lane repeats one message at most', async () => {
    const { ends, duplicates, ...rest } = await run({});
    expect(rest).toMatchObject({ missing: 0, unsent: 0, differing: 0 });
    expect(ends).toBeGreaterThan(0);
    expect(duplicates).toBeLessThanOrEqual(5 * ends);
  });

  it('by SIGTERM: nobody is forgotten, and nobody gets it twice', async () => {
    const outcome = await run({ signal: 'SIGTERM' });
    expect(outcome).toMatchObject({ missing: 0, unsent: 0, duplicates: 0 });
    expect(outcome.ends).toBeGreaterThan(0);
  });

  it('with connections cut after the final dot: all get it, with two repeats at most', async () => {
    const outcome = await run({ ends: 0, cutting: 0.05 });
    expect(outcome).toMatchObject({ missing: 0, unsent: 0, differing: 0 });
    expect(outcome.duplicates).toBeGreaterThan(0);
    expect(outcome.most).toBeLessThanOrEqual(3);
  });
});
