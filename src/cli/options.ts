import { InvalidArgumentError, Option } from 'commander';
import { isDay } from '../lib/day.ts';
import type { Checked } from '../lib/errors.ts';

/** `--date`: the edition's day, and the reference for a source's day without a year. */
export function dateOption(): Option {
  return new Option('--date <day>', 'the edition’s day, YYYY-MM-DD (today)').argParser(text => {
    if (isDay(text)) return text;
    throw new InvalidArgumentError('It must be a day such as 2025-09-03.');
  });
}

/** A whole number from `least` to `most`. */
export function numberFrom(least: number, most: number): (text: string) => number {
  return text => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** One of these words. */
export function oneOf(...words: readonly string[]): (text: string) => string {
  return text => {
    if (words.includes(text)) return text;
    throw new InvalidArgumentError(`It must be one of: ${words.join(', ')}.`);
  };
}

/** An option that may be repeated: its texts, in order. */
export function listOf(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** What a setting's check takes. */
export function checkedBy(check: (text: string) => Checked<string>): (text: string) => string {
  return text => {
    const checked = check(text);
    if (checked.ok) return checked.value;
    throw new InvalidArgumentError(`It ${checked.problem.replace(/^".*" (?=is )/, '')}.`);
  };
}
