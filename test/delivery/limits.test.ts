import { describe, expect, it } from 'vitest';
import { limitOf, limits, waitUntil } from '../../src/delivery/limits.ts';
import { readReply } from '../../src/delivery/reply.ts';
import { hours, minutes } from '../support/runtime.ts';

const within = (text: string) => limitOf(readReply(text))?.within ?? null;

describe('a limit that a reply names', () => {
  it.each(limits.flatMap(({ within, said }) => said.map(text => [text, within] as const)))(
    '%s: within a %s',
    (text, expected) => {
      expect(within(text)).toBe(expected);
    },
  );

  it.each([
    ['452 4.5.3 You have reached your hourly sending limit', 'hour'],
    ['550 too many messages in the last hour', 'hour'],
    ['550 5.7.1 Relay denied: exceeded the max emails per hour (200 max)', 'hour'],
    ['552 sending limit for the last 24 hours exceeded', 'day'],
    ['554 you exceeded 500 mails per day', 'day'],
  ])('%s: within a %s', (text, expected) => {
    expect(within(text)).toBe(expected);
  });

  it.each([
    '250 2.0.0 Ok: daily limit not reached',
    '550 relay not permitted',
    '550 5.7.1 blocked for 24 hours',
    '450 4.7.1 Greylisted, come back in an hour',
    '552 5.2.2 the daily quota of this mailbox is exceeded',
    '454 Throttling failure: Maximum sending rate exceeded',
    '421 4.7.0 Too many connections',
  ])('is none: %s', text => {
    expect(within(text)).toBeNull();
  });
});

describe('waiting for a limit', () => {
  const expiresAt = hours(24);

  it.each([
    ['takes as long as it says', 0, hours(1)],
    ['comes to one more try before the edition expires', hours(23), hours(23.5)],
    ['goes beyond that where there is no time for one', hours(23.5), hours(24.5)],
  ])('%s', (_what, now, until) => {
    expect(waitUntil(hours(1), { now, expiresAt })).toBe(until);
  });

  it('is never so short that it would be no wait', () => {
    for (let now = 0; now < expiresAt; now += minutes(1)) {
      expect(waitUntil(hours(1), { now, expiresAt }) - now).toBeGreaterThan(minutes(15));
    }
  });
});
