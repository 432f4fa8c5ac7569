import { isIP } from 'node:net';
import type { RateWindow } from '../delivery/throttle.ts';
import { type Address, checkName, type NamedAddress, parseMailbox } from '../lib/address.ts';
import { type Checked, fail, pass } from '../lib/errors.ts';
import { checkCron } from '../schedule/cron.ts';

/** What the logger knows, from the most to the least said. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One line of text, not empty and not long. */
export function line(text: string): Checked<string> {
  const checked = checkName(text);
  if (!checked.ok) return fail(`${checked.problem.replace('the name', 'it')}`);
  return checked.value === null ? fail('is empty') : pass(checked.value);
}

/** Any text as it is. */
export function verbatim(text: string): Checked<string> {
  return pass(text);
}

/** A check that takes whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => Checked<number> {
  return text => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return pass(number);
    return fail(`"${text}" is not a whole number from ${min} to ${max}`);
  };
}

/** A check that takes one of `words`. */
export function oneOf<const W extends string>(words: readonly W[]): (text: string) => Checked<W> {
  return text => {
    const word = words.find(candidate => candidate === text);
    return word === undefined ? fail(`"${text}" is none of ${words.join(', ')}`) : pass(word);
  };
}

/** One address with or without a name; ASCII before the @. */
export function mailbox(text: string): Checked<NamedAddress> {
  const checked = parseMailbox(text);
  return checked.ok
    ? asciiOnly(checked.value.address, checked)
    : fail(notAddress(text, checked.problem));
}

const notAddress = (text: string, problem: string) =>
  `${JSON.stringify(text)} cannot be used as an address: ${problem}`;

function asciiOnly<T>({ utf8Local }: Address, checked: Checked<T>): Checked<T> {
  return utf8Local ? fail('the part before the @ must be plain ASCII') : checked;
}

/** A schedule, or `never`: null. */
export function cronOrNever(text: string): Checked<string | null> {
  return text.trim().toLowerCase() === 'never' ? pass(null) : checkCron(text);
}

/** IANA names of time zones, as the system's tables know them. */
export function timeZone(text: string): Checked<string> {
  try {
    return pass(new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone);
  } catch {
    return fail(`"${text}" is not a time zone`);
  }
}

/**
 * An origin that people's links start with, without the slash at its end. Plain http is for this
 * machine only: what reaches readers must be https.
 */
export function publicUrl(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return fail(`"${text}" is not an https address`);
  if (url.username || url.password) return fail('must not hold a user or password');
  if (url.pathname !== '/' || url.search || url.hash) {
    return fail(`"${text}" has something after the host name`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return fail(`"${text}" must start with https://`);
  }
  return pass(url.origin);
}

/** Whether `host` (a name, or an address with or without brackets) is this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** Where the data is kept. SQLite only, so far; a path is relative to the working directory. */
export function database(text: string): Checked<{ kind: 'sqlite'; path: string }> {
  const path = /^sqlite:(?!\/\/)(.+)$/.exec(text)?.[1];
  // Not echoed: a database's address may hold a password.
  return path ? pass({ kind: 'sqlite', path }) : fail('is not "sqlite:" and the path of a file');
}

const unitMs = { s: 1000, min: 60_000, h: 3_600_000, day: 86_400_000 } as const;

const longestMs = 7 * unitMs.day;

/** A length of time up to a week, `12h`, `90min` or `0`, in milliseconds. */
export function duration(text: string): Checked<number> {
  const [, count, unit] = /^\s*(\d{1,6})\s*(s|min|h|day)?\s*$/.exec(text) ?? [];
  const ms = Number(count) * (unit === undefined ? 0 : unitMs[unit as keyof typeof unitMs]);
  if (count === undefined || (unit === undefined && Number(count) !== 0)) {
    return fail(`"${text}" is not a number of s, min, h or day`);
  }
  return ms <= longestMs ? pass(ms) : fail(`"${text}" is more than 7day`);
}

/** `50/s,30/min,500/day` as windows, each unit once. */
export function sendRate(text: string): Checked<readonly RateWindow[]> {
  const windows: RateWindow[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*([1-9]\d{0,8})\s*\/\s*(s|min|h|day)\s*$/.exec(part);
    const perMs = match ? unitMs[match[2] as keyof typeof unitMs] : 0;
    if (!match || windows.some(window => window.perMs === perMs)) {
      return fail(`"${part.trim()}" is not a rate per s, min, h or day`);
    }
    windows.push({ count: Number(match[1]), perMs });
  }
  return pass(windows);
}

/**
 * Digests that can be read again tomorrow: paths, URLs, `arxiv:` lists or `sample`, as one text that
 * `sources/` takes apart.
 */
export function digestPlaces(text: string): Checked<string> {
  const places = text.trim();
  if (/[\p{Cc}\u2028\u2029]/u.test(places)) return fail('has a line break or control character');
  if (places === '') return fail('is empty');
  if (places.length > 4000) return fail('is longer than 4000 characters');
  const stdin = /(?:^|,\s*)-(?:\s*,|$)/.test(places);
  return stdin ? fail('cannot be standard input') : pass(places);
}

/** `yes` or `no`. */
export function yesOrNo(text: string): Checked<boolean> {
  const word = text.trim().toLowerCase();
  if (word === 'yes' || word === 'no') return pass(word === 'yes');
  return fail(`"${text}" is neither yes nor no`);
}

const loopback = ['127.0.0.0/8', '::1/128'];

/**
 * The proxies that are believed about a client's address: addresses, networks and the word
 * `loopback`, with commas. Comes out as networks, `10.0.0.0/8` or `2001:db8::/32`.
 */
export function proxies(text: string): Checked<readonly string[]> {
  const networks: string[] = [];
  for (const part of text.split(',').map(part => part.trim())) {
    const network = part === 'loopback' ? loopback : networkOf(part);
    if (network === null) return fail(`"${part}" is not an IP address, a network or "loopback"`);
    if (network.some(cidr => cidr.endsWith('/0'))) return fail(`"${part}" would trust everybody`);
    networks.push(...network);
  }
  return pass(networks);
}

/** `10.0.0.1` is a network of one. IPv4 written as IPv6 (`::ffff:`) is refused. */
function networkOf(text: string): readonly [string] | null {
  const [, address = '', bits] = /^([\da-f.:]+?)(?:\/(0|[1-9]\d{0,2}))?$/i.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0 || /^::ffff:/i.test(address)) return null;
  const most = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  return prefix <= most ? [`${address.toLowerCase()}/${prefix}`] : null;
}

/** A password that takes long to guess. */
export function password(text: string): Checked<string> {
  const length = [...text].length;
  if (length < 10) return fail('is shorter than 10 characters');
  return length > 200 ? fail('is longer than 200 characters') : pass(text);
}
