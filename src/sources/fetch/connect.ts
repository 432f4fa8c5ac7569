import { type LookupAddress, lookup as lookUpName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { InputError } from '../../lib/errors.ts';
import type { MayConnect } from './private-address.ts';

/** Proxies by the scheme of what is fetched, as in HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export type ProxySettings = {
  readonly http: string | null;
  /** Where there is none, that for http is taken. */
  readonly https: string | null;
  readonly except: string;
};

/** How connections are opened. */
export type ConnectOptions = {
  readonly mayConnect: MayConnect;
  readonly proxy?: ProxySettings | undefined;
  /** How names become addresses; the system's way where it is left out. */
  readonly lookup?: LookupFunction | undefined;
  /** Milliseconds until a connection stands. */
  readonly connectTimeout: number;
};

/**
 * What opens connections. Each address is judged when the socket connects to it, after the name was
 * looked up for the last time, so that a name that changes its address in between gains nothing. A
 * proxy is the operator's, and looks names up itself. Throws InputError for a proxy that is no URL.
 */
export function openConnections(options: ConnectOptions): Dispatcher {
  const { proxy, connectTimeout: timeout } = options;
  return new EnvHttpProxyAgent({
    // Never null: it would look into the environment by itself.
    httpProxy: proxyUrl(proxy?.http, 'HTTP_PROXY'),
    httpsProxy: proxyUrl(proxy?.https, 'HTTPS_PROXY'),
    noProxy: proxy?.except ?? '',
    proxyTunnel: false,
    connect: { timeout, lookup: guarded(options.lookup ?? lookUpName, options.mayConnect) },
  });
}

function proxyUrl(text: string | null | undefined, name: string): string {
  if (!text) return '';
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/^https?:/i.test(url) && URL.canParse(url)) return url;
  // Not echoed: it may hold a password.
  throw new InputError(
    `${name}: this is no address of a proxy, like http://proxy.example.org:3128`,
  );
}

/** A look-up that gives only addresses that may be connected to, and fails where none is left. */
function guarded(lookup: LookupFunction, mayConnect: MayConnect): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const addresses: readonly LookupAddress[] = Array.isArray(found)
        ? found
        : [{ address: found, family: isIP(found) }];
      const allowed = addresses.filter(({ address }) => mayConnect(address));
      const [first] = allowed;
      if (!first) return callback(new PrivateAddressError(hostname), '', 0);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** A host whose addresses are all private. */
export class PrivateAddressError extends Error {
  override name = 'PrivateAddressError';
  readonly host: string;

  constructor(host: string) {
    super(`${host} is not a public address`);
    this.host = host;
  }
}
