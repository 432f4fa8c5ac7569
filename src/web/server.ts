import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { messageOf, UsageError } from '../errors.ts';

/** A running web server. */
export type WebServer = { readonly port: number; close(): Promise<void> };

/**
 * Serves the pages at `host` and `port` (0: any free one).
 * @throws UsageError where it cannot listen there.
 */
export function startServer(pages: Hono, host: string, port: number): Promise<WebServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: pages.fetch, hostname: host, port }, (address: AddressInfo) =>
      resolve({ port: address.port, close }),
    );
    server.on('error', error =>
      reject(
        new UsageError(
          `cannot listen at ${host}:${port}: ${messageOf(error)}. Set PORT to a free one, such as PORT=${port + 1}`,
          { cause: error },
        ),
      ),
    );
    const close = () =>
      new Promise<void>(done => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
  });
}
