import { InputError } from '../../lib/errors.ts';
import type { Extent } from './view.ts';

/** The most bytes of a part, as UTF-8; Gmail cuts a mail off at about 102,000. */
export const mostBytes = 95_000;

/** Longest summaries first: of the lead, of the others (characters). */
const summaryLengths = [
  { lead: 520, summary: 320 },
  { lead: 400, summary: 240 },
  { lead: 280, summary: 160 },
  { lead: 200, summary: 100 },
] as const;

/** Even the lead alone is over the budget, so the template around it is too large. */
export class TooLargeError extends InputError {
  override name = 'TooLargeError';
}

/** How much an edition has to show: how many picks, how many titles below them. */
export type Amount = { readonly picks: number; readonly also: number };

/** The number of steps from showing all (step 0) to the lead alone (the last step). */
export function countSteps({ picks, also }: Amount): number {
  return summaryLengths.length + also + Math.max(0, picks - 1);
}

/**
 * What is shown after `step` steps: summaries get shorter, then "also today" loses its titles from
 * the end, then the picks go from the end.
 */
export function extentAt(step: number, { picks, also }: Amount): Extent {
  const shortest = summaryLengths.length - 1;
  const dropped = Math.max(0, step - shortest);
  const droppedAlso = Math.min(also, dropped);
  return {
    ...(summaryLengths[Math.min(step, shortest)] ?? summaryLengths[0]),
    also: also - droppedAlso,
    picks: picks - (dropped - droppedAlso),
  };
}

/** What was left out to come to `extent`, in words for the log; empty if nothing. */
export function describeTrim(extent: Extent, { picks, also }: Amount): string[] {
  const [{ lead, summary }] = summaryLengths;
  const words: string[] = [];
  if (extent.summary < summary) {
    const shorter = `${extent.lead} and ${extent.summary} characters`;
    words.push(`summaries were shortened to ${shorter} (from ${lead} and ${summary})`);
  }
  if (extent.also < also) words.push(`“Also today” lists ${extent.also} of ${also} titles`);
  if (extent.picks < picks) words.push(`${extent.picks} of ${picks} picks fit`);
  return words;
}

/** A part rendered at one step: its real size, and the size that the cheap estimate gave. */
export type Attempt = { readonly bytes: number; readonly estimate: number };

/**
 * Tries steps until one fits the budget, and returns that attempt. An attempt is slow and an estimate
 * fast; they differ by nearly the same amount at every step, so the second attempt mostly fits.
 * `estimate` falls from step to step. Throws a TooLargeError if not even the last step fits.
 */
export async function fitBudget<T extends Attempt>(
  steps: number,
  estimate: (step: number) => number,
  attempt: (step: number) => Promise<T>,
): Promise<T> {
  let step = 0;
  while (step < steps) {
    const tried = await attempt(step);
    if (tried.bytes <= mostBytes) return tried;
    const allowed = mostBytes - (tried.bytes - tried.estimate);
    step = firstStep(step + 1, steps, at => estimate(at) <= allowed);
  }
  throw new TooLargeError(`not even the first paper fits into a mail of ${mostBytes} bytes`);
}

/** The first step in [from, end) that `fits`, given that all later ones do; `end` if none does. */
function firstStep(from: number, end: number, fits: (step: number) => boolean): number {
  let [low, high] = [from, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
