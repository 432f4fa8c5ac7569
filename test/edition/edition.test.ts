import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editionPath, readEditionPath } from '../../src/edition/edition.ts';
import { addDays, mondayOf, weekOf } from '../../src/lib/day.ts';

const aDay = fc.integer({ min: 0, max: 200_000 }).map(days => addDays('1800-01-01', days));

describe('a week', () => {
  // ISO 8601 as Wikipedia tabulates it: the years' first and last days.
  it.each([
    ['2025-09-03', '2025-W36', '2025-09-01'],
    ['2024-12-30', '2025-W01', '2024-12-30'],
    ['2021-01-03', '2020-W53', '2020-12-28'],
    ['2005-01-01', '2004-W53', '2004-12-27'],
    ['2007-12-31', '2008-W01', '2007-12-31'],
    ['2010-01-03', '2009-W53', '2009-12-28'],
    ['2026-12-31', '2026-W53', '2026-12-28'],
  ])('of %s is %s, from %s', (day, week, monday) => {
    expect(weekOf(day)).toBe(week);
    expect(mondayOf(week)).toBe(monday);
  });

  it.each([
    '2025-W00',
    '9999-W53',
    '2025-W53',
    '2026-W54',
    '2025-W1',
    '2025-w36',
    '0999-W01',
    '2025-36',
    '',
  ])('is none: %j', week => expect(mondayOf(week)).toBeNull());

  it('is the same from Monday to Sunday', () => {
    fc.assert(
      fc.property(aDay, day => {
        const monday = mondayOf(weekOf(day)) ?? '';
        expect(day >= monday && day <= addDays(monday, 6)).toBe(true);
        expect(new Date(monday).getUTCDay()).toBe(1);
      }),
    );
  });
});

describe('an edition’s path', () => {
  it('is its day where it is daily', () => {
    expect(editionPath({ kind: 'daily', date: '2025-09-03' }, '')).toBe('2025-09-03');
    expect(readEditionPath('2025-09-03')).toEqual({ kind: 'daily', date: '2025-09-03' });
  });

  it.each([
    ['on Monday it is about the week before', '2025-09-08', '2025-W36'],
    ['late, on Tuesday, too', '2025-09-09', '2025-W36'],
    ['as late as on Thursday', '2025-09-11', '2025-W36'],
    ['on Friday it is about the week that ends', '2025-09-05', '2025-W36'],
    ['on Sunday too', '2025-09-07', '2025-W36'],
    ['on the next Friday it is another week', '2025-09-12', '2025-W37'],
    ['over New Year', '2026-01-02', '2026-W01'],
    ['after New Year', '2025-12-29', '2025-W52'],
  ])('is a week where it is weekly: %s', (_title, date, path) => {
    expect(editionPath({ kind: 'weekly', date }, '')).toBe(path);
  });

  it('is its key where it is manual, also for a copy that was sent again', () => {
    const key = '0123456789abcdef';
    expect(editionPath({ kind: 'manual', date: '2025-09-03' }, key)).toBe(key);
    expect(editionPath({ kind: 'manual', date: '2025-09-03' }, `${key}-2`)).toBe(key);
    expect(readEditionPath(key)).toEqual({ kind: 'manual', key });
  });

  it('leads back to the edition', () => {
    fc.assert(
      fc.property(aDay, date => {
        const daily = editionPath({ kind: 'daily', date }, '');
        expect(readEditionPath(daily)).toEqual({ kind: 'daily', date });
        const address = readEditionPath(editionPath({ kind: 'weekly', date }, ''));
        expect(address?.kind === 'weekly' && address.from <= date && date <= address.to).toBe(true);
      }),
    );
  });

  it('differs from week to week, whatever the weekday', () => {
    fc.assert(
      fc.property(aDay, date => {
        const paths = [0, 7].map(days =>
          editionPath({ kind: 'weekly', date: addDays(date, days) }, ''),
        );
        expect(new Set(paths).size).toBe(2);
      }),
    );
  });

  it.each([
    '2025-02-30',
    '2025-W54',
    '1',
    '0123456789ABCDEF',
    '0123456789abcde',
    '',
    '..',
    '0123456789abcdef-2',
  ])('leads nowhere: %j', path => expect(readEditionPath(path)).toBeNull());
});
