import type { Checked } from '../lib/address.ts';
import { isLoopback } from './checks.ts';

/** What `SMTP_URL` says. */
export type SmtpUrl = {
  readonly host: string;
  readonly port: number | null;
  readonly implicitTls: boolean;
  readonly tls: 'required' | 'none' | null;
  readonly user: string | null;
  readonly password: string | null;
};

/** A secret that is known, or a command that prints a fresh one each time it is needed. */
export type Secret =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly command: string };

/** How to reach the SMTP server, everything decided. */
export type SmtpConfig = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; STARTTLS or nothing; STARTTLS if it is offered; never. */
  readonly tls: 'implicit' | 'required' | 'offered' | 'none';
  readonly auth: {
    readonly method: 'password' | 'xoauth2';
    readonly user: string;
    readonly secret: Secret;
  } | null;
};

const fail = (problem: string) => ({ ok: false, problem }) as const;
const encode =
  'write @ as %40, # as %23, / as %2F, ? as %3F, : as %3A and % as %25, or put the password in SMTP_PASSWORD';

/** Reads `smtp(s)://[user:password@]host[:port][?tls=required|none]`. Problems never echo it. */
export function parseSmtpUrl(text: string): Checked<SmtpUrl> {
  if (!/^smtps?:\/\//i.test(text)) return fail('must start with smtp:// or smtps://');
  if (text.includes('#')) return fail(`has a # in it: ${encode}`);
  if (/[\s\p{Cc}]/u.test(text)) return fail('has a space in it');
  const url = URL.canParse(text) ? new URL(text) : null;
  const afterHost = url !== null && !['', '/'].includes(url.pathname);
  if (text.includes('@') && (!url || afterHost || url.search.includes('@'))) {
    return fail(`has a special character in its user or password: ${encode}`);
  }
  if (!url || afterHost) return fail('is not a host with an optional :port');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!/^[\w.:-]+$/.test(host)) return fail('has a host name that cannot be read');
  const options = [...url.searchParams];
  const tls = options.length === 1 && options[0]?.[0] === 'tls' ? options[0][1] : null;
  if (options.length > 0 && tls !== 'required' && tls !== 'none') {
    return fail('has an option other than ?tls=required or ?tls=none');
  }
  const implicitTls = url.protocol === 'smtps:';
  if (implicitTls && tls === 'none') return fail('says smtps:// and ?tls=none at once');
  const user = decode(url.username);
  const password = decode(url.password);
  if (user === undefined || password === undefined) {
    return fail(`has a % in its user or password that stands for nothing: ${encode}`);
  }
  if ((user === null) !== (password === null)) {
    return fail('has a user without a password, or a password without a user');
  }
  const port = url.port === '' ? null : Number(url.port);
  return {
    ok: true,
    value: { host, port, implicitTls, tls: tls as SmtpUrl['tls'], user, password },
  };
}

/** The text behind percent signs; null where there is none, undefined where it is malformed. */
function decode(text: string): string | null | undefined {
  try {
    return text === '' ? null : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The settings that say how to sign in, as they were given. */
export type SignIn = {
  readonly url: SmtpUrl | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly passwordCommand: string | null;
  readonly method: 'password' | 'xoauth2' | null;
};

/** Decides about the SMTP server from all its settings; adds what is wrong to `problems`. */
export function decideSmtp(signIn: SignIn, problems: string[]): SmtpConfig | null {
  const found = signInProblem(signIn);
  if (found) problems.push(found);
  const { url } = signIn;
  if (found || !url) return null;
  const auth = decideAuth(signIn, url);
  const local = isLoopback(url.host);
  if (auth && !local && url.tls === 'none') {
    problems.push(
      'SMTP_URL: ?tls=none would send the password to another host in the open. Leave it out: SMTP_URL=smtp://mail.example.org:587',
    );
  }
  const port = url.port ?? (url.implicitTls ? 465 : auth ? 587 : 25);
  return { host: url.host, port, tls: decideTls(url, auth !== null, local), auth };
}

function signInProblem({ url, user, password, passwordCommand, method }: SignIn): string | null {
  const example = 'SMTP_USER=papers@example.org and SMTP_PASSWORD=…';
  const secrets = [password, passwordCommand].filter(secret => secret !== null);
  if (!url && (user || secrets.length > 0)) {
    return 'SMTP_URL is missing, while a user or password for it is set. For example: SMTP_URL=smtp://mail.example.org:587';
  }
  if (secrets.length > 1) return 'SMTP_PASSWORD and SMTP_PASSWORD_COMMAND are both set: keep one';
  if (url?.user && (user || secrets.length > 0)) {
    return `SMTP_URL holds a user and password, and SMTP_USER or SMTP_PASSWORD is set too: keep one. For example: SMTP_URL=smtp://mail.example.org:587 with ${example}`;
  }
  if (user && secrets.length === 0) {
    return `SMTP_USER is set, and no SMTP_PASSWORD, SMTP_PASSWORD_FILE or SMTP_PASSWORD_COMMAND. For example: ${example}`;
  }
  if (!user && secrets.length > 0) {
    return `SMTP_PASSWORD is set, and no SMTP_USER. For example: ${example}`;
  }
  if (method && !user && !url?.user) {
    return `SMTP_AUTH is set, and there is no user to sign in. For example: ${example}`;
  }
  return null;
}

function decideAuth(signIn: SignIn, url: SmtpUrl): SmtpConfig['auth'] {
  const user = signIn.user ?? url.user;
  const text = signIn.password ?? url.password;
  const { passwordCommand: command } = signIn;
  if (user === null) return null;
  const secret: Secret | null =
    text !== null ? { kind: 'text', text } : command !== null ? { kind: 'command', command } : null;
  return secret && { method: signIn.method ?? 'password', user, secret };
}

function decideTls(url: SmtpUrl, hasAuth: boolean, local: boolean): SmtpConfig['tls'] {
  if (url.implicitTls) return 'implicit';
  if (url.tls) return url.tls;
  if (hasAuth && !local) return 'required';
  return local && !hasAuth ? 'none' : 'offered';
}
