import { STATUS_CODES } from 'node:http';
import { childrenOf, childText, parseXml } from '../../digest/markup.ts';
import { InputError, messageOf } from '../../lib/errors.ts';
import { excerpt } from '../../lib/text.ts';
import type { Answer } from '../../store/papers.ts';

/** Why one try came to nothing. */
export type Failure = {
  readonly reason: string;
  /** Whether the next try may be different. */
  readonly passing: boolean;
  /** Milliseconds for which the server asks to be left alone. */
  readonly asked?: number | null;
  readonly answer?: Answer;
  readonly cause?: unknown;
};

/** The failure of an answer that is none. `retryAfter`: that header of it (RFC 9110 §10.2.3). */
export function refusal(answer: Answer, retryAfter: string | null): Failure {
  const { status, body, fetchedAt } = answer;
  const words = wordsOf(body);
  const named = `the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  return {
    reason: words ? `${named}: ${words}` : named,
    passing: status === 408 || status === 425 || status === 429 || status >= 500,
    asked: readRetryAfter(retryAfter, fetchedAt),
    answer,
  };
}

/** The failure of a connection, or of an answer that was not whole within `limit` ms. */
export function brokenConnection(cause: unknown, limit: number): Failure {
  const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
  const code = codeOf(cause);
  const inner = cause instanceof Error && cause.message === '' && cause.cause ? cause.cause : cause;
  const reason = timedOut
    ? `no whole answer within ${limit / 1000} seconds`
    : (reasons.get(code) ?? messageOf(inner));
  const passing = timedOut || !lasting.test(code);
  return { reason: `cannot be fetched: ${reason}`, passing, cause };
}

/** What a person is told of the last of `tries` failures. */
export function toError(url: string, { reason, asked, cause }: Failure, tries: number): InputError {
  const notes = [
    tries > 1 ? `asked ${tries} times` : null,
    asked ? `it wants to be asked again in ${Math.ceil(asked / 1000)} seconds` : null,
  ].filter(note => note !== null);
  const note = notes.length > 0 ? ` (${notes.join('; ')})` : '';
  return new InputError(`${url}: ${reason}${note}`, cause === undefined ? {} : { cause });
}

/** How often a URL is asked, and how long the waits between may be, in milliseconds. */
const policy = { tries: 4, first: 1000, longest: 15_000, longestAsked: 30_000 };

/**
 * How long to wait after the failure of try number `tries` (from 1), in milliseconds: what the server
 * asked for, else twice as long each time, spread by `chance` (0–1) over the upper half. Null where
 * another try is not worth it: too many, or the server asks for more than half a minute.
 */
export function retryDelay(
  { passing, asked = null }: Pick<Failure, 'passing' | 'asked'>,
  tries: number,
  chance: number,
): number | null {
  if (!passing || tries >= policy.tries) return null;
  if (asked !== null) return asked <= policy.longestAsked ? asked : null;
  const full = Math.min(policy.first * 2 ** (tries - 1), policy.longest);
  return Math.round(full * (0.5 + chance / 2));
}

/** In milliseconds from `now`; null where it asks for nothing. */
function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const instant = /[a-z]{3}/i.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(instant) ? null : Math.max(0, instant - now);
}

/** Why a connection failed, in words; by the codes of Node's system errors and of undici. */
const reasons = new Map([
  ['ENOTFOUND', 'there is no host of that name'],
  ['EAI_AGAIN', 'the name of the host cannot be looked up now'],
  ['ECONNREFUSED', 'nobody listens there (connection refused)'],
  ['ECONNRESET', 'the server broke the connection'],
  ['UND_ERR_SOCKET', 'the server broke the connection'],
  ['EPIPE', 'the server broke the connection'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'the server broke the connection'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the answer has not the length it says'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection came about in time'],
  ['ETIMEDOUT', 'no connection came about in time'],
  ['Z_BUF_ERROR', 'the packed answer ends in the middle'],
  ['Z_DATA_ERROR', 'the packed answer is damaged'],
  ['ERR_BROTLI_DECODER_ERROR_UNREACHABLE', 'the packed answer is damaged'],
]);

/** Failures that another try in a second will not mend: names and certificates. */
const lasting = /^(?:ENOTFOUND|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_|HPE_)/;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : codeOf(error.cause);
}

/** How many bytes of an answer are looked at for what went wrong. */
const looked = 20_000;

/**
 * What a server says in the body of an error, on one line: `error` or `message` of JSON, the summary
 * of arXiv's error entry, the title of a page. Null where it says nothing of the kind.
 */
function wordsOf(body: Uint8Array): string | null {
  const text = new TextDecoder().decode(body.subarray(0, looked)).trim();
  const words = text.startsWith('{') ? inJson(text) : text.startsWith('<') ? inMarkup(text) : null;
  return words?.trim() ? excerpt(words, 200) : null;
}

function inJson(text: string): string | null {
  try {
    const { error, message } = JSON.parse(text);
    return [error, message].find(words => typeof words === 'string') ?? null;
  } catch {
    return null;
  }
}

function inMarkup(text: string): string | null {
  if (!/<feed\b/.test(text.slice(0, 1000))) return /<title>([^<]{1,300})</i.exec(text)?.[1] ?? null;
  try {
    const [entry] = childrenOf(parseXml(text, ''), 'entry');
    return entry ? childText(entry, 'summary') : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
