import { describe, expect, it } from 'vitest';
import { describePromise, type Promised } from '../../src/schedule/describe.ts';

const winter = Date.UTC(2025, 0, 15);
const summer = Date.UTC(2025, 6, 15);
const promised = (values: Partial<Promised> = {}) =>
  describePromise({
    schedule: '0 8 * * 1-5',
    timeZone: 'Europe/Berlin',
    papers: 10,
    now: winter,
    ...values,
  });

describe('what readers are promised', () => {
  it('says when, how much, and that one can leave', () => {
    expect(promised()).toBe('weekdays about 08:00 CET, ten papers, one click to leave');
  });

  it.each([
    ['0 8 * * *', 'every day about 08:00 CET'],
    ['5 17 * * 0-6', 'every day about 17:05 CET'],
    ['0 8 * * 1-7', 'every day about 08:00 CET'],
    ['30 7 * * mon-fri', 'weekdays about 07:30 CET'],
    ['00 08 * * 1,2,3,4,5', 'weekdays about 08:00 CET'],
    ['0 9 * * 1', 'Mondays about 09:00 CET'],
    ['0 9 * * SUN', 'Sundays about 09:00 CET'],
    ['0 9 * * 7', 'Sundays about 09:00 CET'],
    ['0 9 * * 2,5', 'Tuesdays and Fridays about 09:00 CET'],
    ['0 9 * * 0,wed,1', 'Mondays, Wednesdays and Sundays about 09:00 CET'],
    ['0 9 * * 6,0', 'weekends about 09:00 CET'],
    ['0 9 * * 1-6', 'every day but Sunday about 09:00 CET'],
    ['  0   9 * * 1-4  ', 'Mondays, Tuesdays, Wednesdays and Thursdays about 09:00 CET'],
  ])('says of %s: %s', (schedule, words) => {
    expect(promised({ schedule })).toBe(`${words}, ten papers, one click to leave`);
  });

  it.each([
    '0 8,17 * * *',
    '*/5 8 * * *',
    '0 * * * *',
    '0 8 1 * *',
    '0 8 * 1 *',
    '0 8 * * */2',
    '0 8 * * 1-5/2',
    '0 8 * * noday',
    '0 8 * * 5-1',
    '',
  ])('has no words for %j, and says nothing wrong', schedule => {
    expect(promised({ schedule })).toMatch(/^on a schedule of its own, ten papers/);
  });

  it.each([
    [1, 'one paper'],
    [2, 'two papers'],
    [12, 'twelve papers'],
    [13, '13 papers'],
  ])('says %i as %s', (papers, words) => expect(promised({ papers })).toContain(`, ${words}, `));

  it.each([
    ['Europe/Berlin', summer, 'CEST'],
    ['Europe/London', winter, 'GMT'],
    ['Europe/London', summer, 'BST'],
    ['America/New_York', winter, 'EST'],
    ['America/Los_Angeles', summer, 'PDT'],
    ['Australia/Sydney', summer, 'AEST'],
    ['Asia/Kolkata', winter, 'IST'],
    ['UTC', summer, 'UTC'],
    ['Asia/Tokyo', winter, 'GMT+9'],
  ])('names the zone %s as people there do', (timeZone, now, name) => {
    expect(promised({ timeZone, now })).toContain(`08:00 ${name},`);
  });
});
