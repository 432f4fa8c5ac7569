import type { SmtpSettings } from '../delivery/smtp.ts';
import { type DkimKey, signableHeaders } from '../mail/message/dkim.ts';
import { isLoopback } from './checks.ts';
import type { SmtpUrl } from './mail-checks.ts';
import type { Given } from './read.ts';
import { exampleLine, type Values } from './table.ts';

/** A secret that is known, or a command that prints a fresh one each time it is needed. */
export type Secret =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly command: string };

/** How to reach the SMTP server, everything decided; the secret is not revealed yet. */
export type SmtpConfig = Omit<SmtpSettings, 'auth' | 'clientName'> & {
  readonly auth: (Omit<Login, 'secret'> & { readonly secret: Secret }) | null;
};

type Login = NonNullable<SmtpSettings['auth']>;

/** Decides about the SMTP server from all its settings; adds what is wrong to `problems`. */
export function decideSmtp(values: Values, problems: string[]): SmtpConfig | null {
  const found = signInProblem(values);
  if (found) problems.push(found);
  const { SMTP_URL: url } = values;
  if (found || !url) return null;
  const auth = decideAuth(values, url);
  const local = isLoopback(url.host);
  if (auth && !local && url.tls === 'none') {
    problems.push(
      `SMTP_URL: ?tls=none would send the password to another host in the open. Leave it out: ${exampleLine('SMTP_URL')}`,
    );
  }
  const port = url.port ?? (url.implicitTls ? 465 : auth ? 587 : 25);
  return { host: url.host, port, tls: decideTls(url, auth !== null, local), auth };
}

function signInProblem(values: Values): string | null {
  const { SMTP_URL: url, SMTP_USER: user, SMTP_PASSWORD, SMTP_PASSWORD_COMMAND } = values;
  const example = `For example: ${exampleLine('SMTP_USER')} and SMTP_PASSWORD=…`;
  const secrets = [SMTP_PASSWORD, SMTP_PASSWORD_COMMAND].filter(secret => secret !== null);
  if (!url && (user || secrets.length > 0)) {
    return `SMTP_URL is missing, while a user or password for it is set. For example: ${exampleLine('SMTP_URL')}`;
  }
  if (secrets.length > 1) return 'SMTP_PASSWORD and SMTP_PASSWORD_COMMAND are both set: keep one';
  if (url?.user && (user || secrets.length > 0)) {
    return `SMTP_URL holds a user and password, and SMTP_USER or SMTP_PASSWORD is set too: keep one. For example: ${exampleLine('SMTP_URL')} with ${exampleLine('SMTP_USER')} and SMTP_PASSWORD=…`;
  }
  if (user && secrets.length === 0) {
    return `SMTP_USER is set, and no SMTP_PASSWORD, SMTP_PASSWORD_FILE or SMTP_PASSWORD_COMMAND. ${example}`;
  }
  if (!user && secrets.length > 0) return `SMTP_PASSWORD is set, and no SMTP_USER. ${example}`;
  if (values.SMTP_AUTH && !user && !url?.user) {
    return `SMTP_AUTH is set, and there is no user to sign in. ${example}`;
  }
  return null;
}

function decideAuth(values: Values, url: SmtpUrl): SmtpConfig['auth'] {
  const user = values.SMTP_USER ?? url.user;
  const text = values.SMTP_PASSWORD ?? url.password;
  const command = values.SMTP_PASSWORD_COMMAND;
  if (user === null) return null;
  const secret: Secret | null =
    text !== null ? { kind: 'text', text } : command !== null ? { kind: 'command', command } : null;
  return secret && { method: values.SMTP_AUTH ?? 'password', user, secret };
}

function decideTls(url: SmtpUrl, hasAuth: boolean, local: boolean): SmtpConfig['tls'] {
  if (url.implicitTls) return 'implicit';
  if (url.tls) return url.tls;
  if (hasAuth && !local) return 'required';
  return local && !hasAuth ? 'none' : 'offered';
}

/** What it takes to sign: all of them or none must be given. */
const signingNames = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY'] as const;

/**
 * Decides about signing from all its settings; adds what is wrong to `problems`. `given` is without
 * the demo's own MAIL_FROM, which is nobody's and agrees with any domain.
 */
export function decideDkim(values: Values, given: Given, problems: string[]): DkimKey | null {
  const set = [...signingNames, 'DKIM_HEADERS' as const].filter(name => given.has(name));
  if (set.length === 0) return null;
  const missing = signingNames.filter(name => !given.has(name));
  if (missing.length > 0) {
    const are = (names: readonly string[]) => (names.length === 1 ? 'is' : 'are');
    const lines = missing.map(exampleLine).join(' and ');
    problems.push(
      `${missing.join(' and ')} ${are(missing)} not set, while ${set.join(' and ')} ${are(set)}. For example: ${lines}. With none of them set, "paperround dkim" makes a key and the lines for it`,
    );
  }
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY: key } = values;
  if (domain === null || selector === null || key === null) return null;
  const from = given.has('MAIL_FROM') ? values.MAIL_FROM?.address.address : undefined;
  const sender = from?.replace(/^.*@/, '');
  if (sender !== undefined && sender !== domain && !sender.endsWith(`.${domain}`)) {
    problems.push(
      `DKIM_DOMAIN: mail from ${sender} must be signed by ${sender} or a domain above it; a signature by ${domain} would not count as the sender's (DMARC). For example: DKIM_DOMAIN=${sender}`,
    );
  }
  return { domain, selector, key, headers: headersToSign(values) };
}

/** Amazon SES replaces these: a signature over them would never hold. */
const replacedBySes: readonly string[] = ['Date', 'Message-ID'];

function headersToSign({ DKIM_HEADERS, SMTP_URL }: Values): readonly string[] {
  const wanted = DKIM_HEADERS ?? signableHeaders;
  return isSes(SMTP_URL?.host ?? '')
    ? wanted.filter(name => !replacedBySes.includes(name))
    : wanted;
}

/** `email-smtp.eu-west-1.amazonaws.com`, its FIPS endpoints, and those within a private network. */
function isSes(host: string): boolean {
  return /(^|\.)email-smtp(-fips)?\.[\w.-]+\.amazonaws\.com(\.cn)?$/i.test(host);
}
