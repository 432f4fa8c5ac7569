import type { KeyObject } from 'node:crypto';
import { signableHeaders } from './dkim-checks.ts';

/** How messages are signed, everything decided. */
export type DkimConfig = {
  /** A-labels, lower case. */
  readonly domain: string;
  readonly selector: string;
  /** An RSA private key of at least 1024 bits. */
  readonly key: KeyObject;
  /** Which headers are signed, where a message has them. */
  readonly headers: readonly string[];
};

/** Amazon SES replaces these: a signature over them would never hold. */
const replacedBySes: readonly string[] = ['Date', 'Message-ID'];

/** The settings about signing; of the first three all or none must be given. */
export const dkimNames = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY', 'DKIM_HEADERS'] as const;

/** The settings about signing, and those that they must agree with. */
export type Signing = {
  /** Which were given; the value of one that failed its check is null. */
  readonly given: readonly (typeof dkimNames)[number][];
  readonly domain: string | null;
  readonly selector: string | null;
  readonly key: KeyObject | null;
  readonly headers: readonly string[] | null;
  /** The domain of MAIL_FROM, where that is set. */
  readonly fromDomain: string | null;
  readonly smtpHost: string | null;
};

/** Decides about signing from all its settings; adds what is wrong to `problems`. */
export function decideDkim(signing: Signing, problems: string[]): DkimConfig | null {
  const { domain, selector, key, fromDomain } = signing;
  if (signing.given.length === 0) return null;
  const half = halfSet(signing.given);
  if (half) problems.push(half);
  if (domain === null || selector === null || key === null) return null;
  if (fromDomain !== null && !isWithin(fromDomain, domain)) {
    problems.push(
      `DKIM_DOMAIN: mail from ${fromDomain} must be signed by ${fromDomain} or a domain above it; a signature by ${domain} would not count as the sender's (DMARC). For example: DKIM_DOMAIN=${fromDomain}`,
    );
  }
  return { domain, selector, key, headers: headersToSign(signing) };
}

function headersToSign({ headers, smtpHost }: Signing): readonly string[] {
  const wanted = headers ?? signableHeaders;
  return isSes(smtpHost) ? wanted.filter(name => !replacedBySes.includes(name)) : wanted;
}

const examples = {
  DKIM_DOMAIN: 'DKIM_DOMAIN=example.org',
  DKIM_SELECTOR: 'DKIM_SELECTOR=papers',
  DKIM_KEY: 'DKIM_KEY_FILE=dkim.pem',
} as const;

function halfSet(given: Signing['given']): string | null {
  const needed = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY'] as const;
  const missing = needed.filter(name => !given.includes(name));
  if (missing.length === 0) return null;
  const lines = missing.map(name => examples[name]).join(' and ');
  const are = missing.length === 1 ? 'is' : 'are';
  return `${missing.join(' and ')} ${are} not set, while ${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'}. For example: ${lines}. With none of them set, "paperround dkim" makes a key and the lines for it`;
}

function isWithin(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}

/** `email-smtp.eu-west-1.amazonaws.com`, its FIPS endpoints, and those within a private network. */
function isSes(host: string | null): boolean {
  return /(^|\.)email-smtp(-fips)?\.[\w.-]+\.amazonaws\.com(\.cn)?$/i.test(host ?? '');
}
