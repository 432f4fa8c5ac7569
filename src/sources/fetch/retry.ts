/** How often a URL is asked, and how long the waits between may be, in milliseconds. */
export const retryPolicy = { tries: 4, first: 1000, longest: 15_000, longestAsked: 30_000 };

/** Whether an answer with this status may be another one a little later. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * How long to wait after the failure of try number `tries` (from 1), in milliseconds: what the server
 * asked for, else twice as long each time, spread by `chance` (0–1) over the upper half. Null where
 * another try is not worth it: too many, or the server asks for more than half a minute.
 */
export function retryDelay(tries: number, asked: number | null, chance: number): number | null {
  if (tries >= retryPolicy.tries) return null;
  if (asked !== null) return asked <= retryPolicy.longestAsked ? asked : null;
  const full = Math.min(retryPolicy.first * 2 ** (tries - 1), retryPolicy.longest);
  return Math.round(full * (0.5 + chance / 2));
}

/** What `Retry-After` (RFC 9110 §10.2.3) asks for, in milliseconds from `now`; null where nothing. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const instant = /[a-z]{3}/i.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(instant) ? null : Math.max(0, instant - now);
}
