import { createHash, createHmac } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { endSession, isOpenSession, startSession } from '../../store/desk.ts';
import { type ActLimit, countAct } from '../../store/joining.ts';
import { settle } from '../../store/settings.ts';
import { clientAddress, clientOf, networkOf } from '../plumbing/client-address.ts';
import { readFields } from '../plumbing/form.ts';
import type { DeskParts } from './parts.ts';
import { createPassword, type Password } from './password.ts';

const minute = 60_000;
/** How often one network may guess; others may meanwhile. */
const guesses = [
  { count: 5, perMs: minute },
  { count: 20, perMs: 60 * minute },
] as const;
const sessionMs = 30 * 24 * 60 * minute;
/** What sessions without a password remember. */
const noPassword = 'none';

/** Who may come to the desk, and how they come in and go out. */
export type DeskAccess = {
  /** Lets nobody past who is not signed in, and no change that is not made by a page of ours. */
  readonly guard: MiddlewareHandler;
  readonly routes: Hono;
};

/** Without a password the desk opens on this machine alone, by the one-time key. */
export function createAccess(parts: DeskParts): DeskAccess {
  const { db, reader, runtime, pages, password, key, base } = parts;
  const cookie = password === null ? 'desk' : '__Host-desk';
  let derived: Promise<Password> | null = null;
  const derive = (text: string) => {
    derived ??= saltOf(parts).then(salt => createPassword(text, salt));
    return derived;
  };
  const tag = async () => (password === null ? noPassword : (await derive(password)).tag);

  const isSignedIn = async (context: Context) => {
    const id = getCookie(context, cookie);
    if (!id) return false;
    const session = { idHash: hashOf(id), passwordTag: await tag() };
    return isOpenSession(reader, session, runtime.now());
  };
  const signIn = async (context: Context) => {
    const id = runtime.random(24).toString('base64url');
    const now = runtime.now();
    const session = { idHash: hashOf(id), passwordTag: await tag(), expiresAt: now + sessionMs };
    await startSession(db, session, now);
    keep(context, id, sessionMs / 1000);
    return context.redirect('/desk', 303);
  };
  const keep = (context: Context, id: string, maxAge: number) =>
    setCookie(context, cookie, id, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      // There is no https on the way from this machine to itself.
      secure: password !== null,
      maxAge,
    });
  const leave = async (context: Context) => {
    const id = getCookie(context, cookie);
    if (id) await endSession(db, hashOf(id));
    keep(context, '', 0);
    return context.redirect('/desk', 303);
  };

  const guard: MiddlewareHandler = async (context, next) => {
    const headers = context.req.header();
    const peer: string = context.env?.incoming?.socket?.remoteAddress ?? '';
    if (password === null && !isAtHome({ peer, headers })) return context.notFound();
    const { method, path } = context.req;
    const changes = method !== 'GET' && method !== 'HEAD';
    if (changes && !mayChange(headers, base)) {
      return context.html(pages.problem('This was not asked for by a page of the desk.'), 403);
    }
    if (path === '/desk/login' && changes) return next();
    const given = context.req.query('key');
    // Also where one is known already: a key that was shown opens nothing any more.
    if (password === null && method === 'GET' && path === '/desk' && given) {
      if (key.take(given)) return signIn(context);
    }
    if (await isSignedIn(context)) return next();
    if (changes) {
      return context.html(pages.problem('You are not signed in any more. Open /desk again.'), 401);
    }
    return context.html(pages.login({ byPassword: password !== null, problem: null }), 401);
  };

  const routes = new Hono();
  routes.post('/login', async context => {
    if (password === null) return context.notFound();
    if (isPlainHttp(context.req.header())) {
      const problem =
        'This page came by http, by which the desk lets nobody in: open it by https, or through a tunnel, as localhost.';
      return context.html(pages.login({ byPassword: true, problem }), 403);
    }
    if (await isOverLimit(parts, context)) {
      const problem = 'That was tried too often from your network. Wait a while, and try again.';
      return context.html(pages.login({ byPassword: true, problem }), 429);
    }
    const { password: guess = '' } = (await readFields(context.req.raw)).texts;
    if (guess.length <= 1_000 && (await (await derive(password)).isRight(guess))) {
      return signIn(context);
    }
    const problem = 'That is not the password.';
    return context.html(pages.login({ byPassword: true, problem }), 403);
  });
  routes.post('/logout', leave);
  return { guard, routes };
}

/** Counts a guess of this network. A stranger's guesses keep no other network out. */
async function isOverLimit(parts: DeskParts, context: Context): Promise<boolean> {
  const { db, runtime, hashKey, proxies } = parts;
  const network = networkOf(clientOf(context, proxies));
  const limits = guesses.map(({ count, perMs }): ActLimit => {
    const name = `desk ${perMs} ${network}`;
    return { key: createHmac('sha256', hashKey).update(name).digest('base64url'), count, perMs };
  });
  return (await countAct(db, limits, runtime.now())).size > 0;
}

async function saltOf({ db, runtime }: DeskParts): Promise<Buffer> {
  const text = await settle(db, 'desk_salt', () => runtime.random(16).toString('base64url'));
  return Buffer.from(text, 'base64url');
}

const hashOf = (id: string) => createHash('sha256').update(id).digest('hex');

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
