/** What came of reading a form: its fields, or a status and what was wrong, for a person. */
export type FormResult<Name extends string> =
  | { readonly ok: true; readonly value: Readonly<Record<Name, string>> }
  | Refusal;

type Refusal = { readonly ok: false; readonly status: 400 | 413 | 415; readonly problem: string };

const maxBytes = 16 * 1024;
const maxFields = 50;

const refuse = (status: Refusal['status'], problem: string): Refusal => ({
  ok: false,
  status,
  problem,
});
const tooLarge = refuse(413, 'That is more than a form may hold. Please make it shorter.');
const otherType = refuse(415, 'Only forms are understood here, as a browser sends them.');
const garbled = refuse(400, 'The form arrived garbled. Please load the page again and retype it.');
const invisible = refuse(
  400,
  'There is a line break or an invisible character in it. Please retype it.',
);
const tooLong = (most: number) =>
  refuse(400, `That is too long: at most ${most} characters, please.`);

/**
 * Reads a form that was posted as application/x-www-form-urlencoded in UTF-8 (the URL standard
 * §5.1), strictly: what no browser sends is refused, and nothing is repaired.
 * @param fields the names that are read, with the most UTF-16 units each may have. One that is
 *   missing is ''; others are ignored.
 */
export async function readForm<Name extends string>(
  request: Request,
  fields: Readonly<Record<Name, number>>,
): Promise<FormResult<Name>> {
  if (!isUrlEncoded(request.headers.get('content-type') ?? '')) return otherType;
  const bytes = await readBody(request);
  if (!Buffer.isBuffer(bytes)) return bytes;
  // One unit a byte: those beyond ASCII are decoded together with the escapes.
  const pairs = bytes.toString('latin1').split('&').filter(Boolean);
  if (pairs.length > maxFields) return garbled;

  const most = new Map<string, number>(Object.entries(fields));
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const [name, value = ''] = pair.split(/=(.*)/s, 2).map(decode);
    if (name == null || value === null) return garbled;
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name + value)) return invisible;
    const limit = most.get(name);
    if (limit === undefined) continue;
    if (values.has(name)) return garbled;
    if (value.length > limit) return tooLong(limit);
    values.set(name, value);
  }
  const value = Object.fromEntries([...most.keys()].map(name => [name, values.get(name) ?? '']));
  return { ok: true, value: value as Record<Name, string> };
}

/** RFC 9110 §8.3.1: the type, and of parameters at most `charset=utf-8`. */
function isUrlEncoded(contentType: string): boolean {
  return /^\s*application\/x-www-form-urlencoded\s*(;\s*(charset\s*=\s*("utf-8"|utf-8)\s*)?)?$/i.test(
    contentType,
  );
}

/** The whole body. What is too large is not waited for. */
async function readBody(request: Request): Promise<Buffer | Refusal> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      // Leaving the loop cancels the stream.
      if (size > maxBytes) return tooLarge;
      chunks.push(chunk);
    }
  } catch {
    // The client went away in the middle, and will not read this.
    return garbled;
  }
  return Buffer.concat(chunks);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A name or a value without its escapes; null where one is half or the bytes are no UTF-8. */
function decode(text: string): string | null {
  if (/%(?![\da-f]{2})/i.test(text)) return null;
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_escape, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return null;
  }
}
