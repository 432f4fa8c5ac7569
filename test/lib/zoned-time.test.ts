import { describe, expect, it } from 'vitest';
import { zonedInstant } from '../../src/lib/zoned-time.ts';

const at = (day: string, time: string, timeZone: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const instant = zonedInstant(day, 60 * hours + minutes, timeZone);
  return instant === null ? null : new Date(instant).toISOString();
};

describe('the moment at which clocks show a time of a day', () => {
  it.each([
    ['an ordinary one', '2025-09-03', '08:00', 'Europe/Berlin', '2025-09-03T06:00:00.000Z'],
    ['before a change', '2025-03-30', '01:30', 'Europe/Berlin', '2025-03-30T00:30:00.000Z'],
    ['after a change', '2025-03-30', '08:00', 'Europe/Berlin', '2025-03-30T06:00:00.000Z'],
    ['skipped', '2025-03-30', '02:30', 'Europe/Berlin', '2025-03-30T01:00:00.000Z'],
    ['shown twice', '2025-10-26', '02:30', 'Europe/Berlin', '2025-10-26T00:30:00.000Z'],
    ['skipped in New York', '2025-03-09', '02:30', 'America/New_York', '2025-03-09T07:00:00.000Z'],
    ['twice in New York', '2025-11-02', '01:30', 'America/New_York', '2025-11-02T05:30:00.000Z'],
    [
      'skipped for half an hour',
      '2025-10-05',
      '02:15',
      'Australia/Lord_Howe',
      '2025-10-04T15:30:00.000Z',
    ],
    [
      'after that half hour',
      '2025-10-05',
      '02:30',
      'Australia/Lord_Howe',
      '2025-10-04T15:30:00.000Z',
    ],
    [
      'twice in half an hour',
      '2025-04-06',
      '01:45',
      'Australia/Lord_Howe',
      '2025-04-05T14:45:00.000Z',
    ],
    [
      'a midnight that is skipped',
      '2025-04-25',
      '00:00',
      'Africa/Cairo',
      '2025-04-24T22:00:00.000Z',
    ],
    ['skipped to the next day', '2024-03-30', '23:30', 'America/Nuuk', '2024-03-31T00:59:00.000Z'],
    ['after a skipped day', '2011-12-31', '08:00', 'Pacific/Apia', '2011-12-30T18:00:00.000Z'],
    ['on the other side of it', '2011-12-29', '08:00', 'Pacific/Apia', '2011-12-29T18:00:00.000Z'],
  ])('%s', (_, day, time, timeZone, instant) => expect(at(day, time, timeZone)).toBe(instant));

  it('is none on a day that a zone skipped', () => {
    for (const time of ['00:00', '08:00', '23:59']) {
      expect(at('2011-12-30', time, 'Pacific/Apia')).toBeNull();
    }
  });
});
