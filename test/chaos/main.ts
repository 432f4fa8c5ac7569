import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Outcome, type Plan, runChaos } from './chaos.ts';
import { runDiskFull } from './disk-full.ts';

// npm run test:chaos -- [--kills 200] [--readers 2000] [--lanes 10] [--seed N]
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    readers: { type: 'string', default: '2000' },
    lanes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const programs = fileURLToPath(new URL('.', import.meta.url));
const common = {
  readers: Number(values.readers),
  lanes: Number(values.lanes),
  seed: Number(values.seed),
  signal: 'SIGKILL',
  cutting: 0,
  ends: 0,
  programs,
} as const;

let broken = 0;

/** Prints what came of a plan and whether it is what is promised. */
async function check(title: string, plan: Plan, mostDuplicates: (outcome: Outcome) => number) {
  const began = performance.now();
  const outcome = await runChaos(plan);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const { missing, differing, unsent, duplicates } = outcome;
  // Whose final reply was lost at all three tries counts as failed, though it arrived: the promise.
  const lostThrice = plan.cutting > 0 ? outcome.thrice : 0;
  const kept =
    missing + differing === 0 &&
    unsent <= lostThrice &&
    duplicates <= mostDuplicates(outcome) &&
    outcome.most <= 3 + outcome.ends;
  if (!kept) broken += 1;
  console.log(`${kept ? 'kept  ' : 'BROKEN'} ${title}: ${JSON.stringify(outcome)} in ${seconds} s`);
  return outcome;
}

let made = 0;
for (let round = 0; made < kills; round += 1) {
  const ends = Math.min(50, kills - made);
  const plan = { ...common, ends, seed: common.seed + round };
  const outcome = await check(`SIGKILL, seed ${plan.seed}`, plan, run => plan.lanes * run.ends);
  made += Math.max(outcome.ends, 1);
}
const orderly = { ...common, ends: Math.min(kills, 20), signal: 'SIGTERM' } as const;
await check('SIGTERM', orderly, () => 0);
const cut = { ...common, cutting: 0.02 };
await check('connections cut after the final dot', cut, () => common.readers * 2);
const full = await runDiskFull(common);
if (full === null) console.log('skipped disk full: it takes root, to mount a small disk');
else {
  const kept = full.went && full.missing + full.unsent + full.differing === 0;
  if (!kept) broken += 1;
  console.log(`${kept ? 'kept  ' : 'BROKEN'} disk full: ${JSON.stringify(full)}`);
}
if (broken > 0) {
  console.log(`${broken} broken`);
  process.exitCode = 1;
} else console.log(`all kept, ${made} kills`);
