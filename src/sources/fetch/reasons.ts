import { messageOf } from '../../lib/errors.ts';

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

/** Says in words why a connection failed, and whether it may be different the next time. */
export function explain(error: unknown): { readonly reason: string; readonly passing: boolean } {
  const code = codeOf(error);
  const inner = error instanceof Error && error.message === '' && error.cause ? error.cause : error;
  return { reason: reasons.get(code) ?? messageOf(inner), passing: !lasting.test(code) };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : codeOf(error.cause);
}
