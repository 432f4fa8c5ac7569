import { clientAddress } from '../plumbing/client-address.ts';

/** What decides whether a request comes from this machine's own browser. */
export type Caller = {
  /** The socket's other end; '' where there is none. */
  readonly peer: string;
  /** All headers, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
};

const ownHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
/** What proxies add, and browsers never send (RFC 7239, RFC 9110 §7.6.3, and customs). */
const ofProxies = /^(?:forwarded|via|x-forwarded(?:-.*)?|x-real-ip|x-client-ip|cf-connecting-ip)$/;

/**
 * Whether a request was made on this machine, for this machine: by loopback, under a name that
 * leads nowhere else (a page elsewhere can point its own name at 127.0.0.1), and past no proxy.
 */
export function isAtHome({ peer, headers }: Caller): boolean {
  const address = clientAddress(peer, null, { has: () => false });
  if (address !== '::1' && !address.startsWith('127.')) return false;
  if (!ownHost.test(headers.host ?? '')) return false;
  return !Object.keys(headers).some(name => ofProxies.test(name));
}

/**
 * Whether a request that changes something was made by a page of ours: Fetch Metadata says
 * `same-origin`, or Origin is ours (RFC 6454); neither may say otherwise, and one must speak.
 * `base`: PUBLIC_URL, for proxies that call us by another name.
 */
export function mayChange(headers: Readonly<Record<string, string>>, base: string | null): boolean {
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  // `null` is an origin that is not told.
  if (origin === undefined || origin === 'null') return site !== undefined;
  return origin === `http://${host}` || origin === `https://${host}` || origin === base;
}

/**
 * Whether a form was sent over http from another machine: browsers keep no secure cookie there, and
 * who types the right password would be asked for it again and again. On this machine they do.
 */
export function isPlainHttp({ origin = '' }: Readonly<Record<string, string>>): boolean {
  const [, host] = /^http:\/\/(.*)$/i.exec(origin) ?? [];
  return host !== undefined && !ownHost.test(host);
}
