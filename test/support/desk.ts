import { type App, smtpOf } from '../../src/app.ts';
import { openConnection } from '../../src/delivery/smtp.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import type { DeskAround } from '../../src/web/desk/parts.ts';
import { createOneTimeKey } from '../../src/web/desk/password.ts';
import type { TestApp } from './app.ts';
import { aCapture } from './capture.ts';
import { webOf } from './web.ts';

/** What a browser on this machine sends along. */
export const atHome = { host: '127.0.0.1:3000' };

/** The peer of a request, as the server hands it on. */
export const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });

/** What stands around a desk in a test: today's papers are a capture of twelve. */
export function aroundDesk(app: Pick<App, 'config' | 'runtime'>): DeskAround {
  return {
    load: async (source = 'capture', referenceDay) =>
      parseDigest(aCapture({ papers: 12 }), { referenceDay, source }),
    connect: () => openConnection(smtpOf(app.config)),
    nextDaily: async () => null,
    key: createOneTimeKey(app.runtime.random),
    signal: new AbortController().signal,
  };
}

type Ask = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
  readonly peer?: string;
};

/** A desk, and a browser that asks it. */
export function aDesk(app: TestApp, values: Partial<DeskAround> = {}) {
  const around = { ...aroundDesk(app), ...values };
  let woken = 0;
  const web = webOf(app, {
    desk: around,
    onDelivery: () => {
      woken += 1;
    },
  });
  const ask = async (path: string, { peer = '127.0.0.1', headers = {}, ...init }: Ask = {}) =>
    web.request(path, { ...init, headers: { ...atHome, ...headers } }, from(peer));
  return { ...around, key: around.key.text, ask, woken: () => woken };
}

/** The cookie that an answer sets, as a request gives it back; null where it sets none. */
export function cookieOf(response: Response): string | null {
  return response.headers.get('set-cookie')?.split(';')[0] ?? null;
}

/** A desk, and a browser that has opened it by its key: what it gets and posts is let in. */
export async function anOpenDesk(app: TestApp, values: Partial<DeskAround> = {}) {
  const desk = aDesk(app, values);
  const cookie = cookieOf(await desk.ask(`/desk?key=${desk.key}`)) ?? '';
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const get = (path: string) => desk.ask(path, { headers });
  const post = (
    path: string,
    fields: Readonly<Record<string, string>> | readonly (readonly [string, string])[] = {},
    more: Readonly<Record<string, string>> = {},
  ) =>
    desk.ask(path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded', ...more },
      body: new URLSearchParams(fields as Record<string, string>).toString(),
    });
  return { ...desk, cookie, headers, get, post };
}
