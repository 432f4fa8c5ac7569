import type { MiddlewareHandler } from 'hono';
import { clientAddress, peerOf, trustedProxies } from './client-address.ts';
import type { WebParts } from './parts.ts';

/** Where proxies live: this machine, and private networks (RFC 1918, RFC 4193). */
const nearby = trustedProxies([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]);

/**
 * Says once, in the log, that requests come through a proxy that TRUST_PROXY does not name: all
 * readers are one client then, and of many who sign up in an hour most are sent away.
 */
export function tellOfProxy({
  runtime,
  proxies,
}: Pick<WebParts, 'runtime' | 'proxies'>): MiddlewareHandler {
  let told = false;
  return (context, next) => {
    if (!told && context.req.method === 'POST' && context.req.header('x-forwarded-for')) {
      const peer = clientAddress(peerOf(context), null, proxies);
      if (nearby.has(peer) && !proxies.has(peer)) {
        told = true;
        runtime.log.warn(
          { proxy: peer },
          'requests come through a proxy that is not trusted, so all readers count as one: name it in TRUST_PROXY',
        );
      }
    }
    return next();
  };
}
