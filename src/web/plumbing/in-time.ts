import type { MiddlewareHandler } from 'hono';

/** How long who posts something waits for a page, in ms: less than a connection may be silent. */
const patience = 15_000;

/**
 * Answers 503 with `page` where what was posted is not done in time: another program holds the
 * database, and many wait for it. It may still be done afterwards; all that is posted here may be
 * posted twice.
 */
export function inTime(page: () => string): MiddlewareHandler {
  return async (context, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>(resolve => {
      timer = setTimeout(resolve, patience, 'late');
    });
    const first = await Promise.race([next(), late]).finally(() => clearTimeout(timer));
    return first === 'late' ? context.html(page(), 503, tryAgain) : undefined;
  };
}

/** RFC 9110 §10.2.3, in seconds: mail programs that unsubscribe try again by themselves. */
export const tryAgain = { 'retry-after': '60' };
