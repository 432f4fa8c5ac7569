import { isIP } from 'node:net';
import { InputError } from '../../lib/errors.ts';
import type { MayConnect } from './private-address.ts';

/** How many redirects are followed, one after the other. */
const mostRedirects = 5;

/**
 * Checks the last of the URLs `asked`, each of which led to the next, before anything is sent there:
 * http(s), no password in it, no address that may not be connected to. Names are judged when they
 * are looked up. Throws InputError.
 */
export function checkUrl(asked: readonly string[], mayConnect: MayConnect): URL {
  const text = asked.at(-1) ?? '';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InputError(`${text}: this is no http or https address.`);
  }
  if (url.username || url.password) {
    // Not echoed: this goes to logs.
    throw new InputError(`${url.origin}: an address of a digest must not hold a user or password.`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = /(?:^|\.)localhost\.?$/.test(host) ? '127.0.0.1' : host;
  if (isIP(address) && !mayConnect(address)) throw notPublic(asked, host);
  return url;
}

/** The error where the last of the URLs `asked` is on `host`, in no public network. */
export function notPublic(asked: readonly string[], host: string): InputError {
  const where = `${host} is on this machine or in a private network`;
  const [first = '', ...others] = asked;
  if (others.length > 0)
    return new InputError(`${first}: it redirects to ${others.at(-1)}: ${where}.`);
  return new InputError(`${first}: ${where}. If it is meant to be, set DIGEST_ALLOW_PRIVATE=yes.`);
}

/**
 * Where an answer sends us on to, given the URLs that were asked so far, the last one being where it
 * comes from. Throws InputError for a redirect that leads nowhere, in a circle, or on and on.
 */
export function nextUrl(location: string | null, asked: readonly string[]): string {
  const [first = ''] = asked;
  const from = asked.at(-1) ?? '';
  if (!location || !URL.canParse(location, from)) {
    throw new InputError(`${first}: it redirects to no address.`);
  }
  const next = new URL(location, from);
  next.hash = '';
  if (asked.includes(next.href)) throw new InputError(`${first}: it redirects in a circle.`);
  if (asked.length > mostRedirects) {
    throw new InputError(`${first}: it redirects more than ${mostRedirects} times.`);
  }
  return next.href;
}
