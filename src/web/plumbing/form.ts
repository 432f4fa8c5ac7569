import { InputError } from '../../lib/errors.ts';

/** A posted form that cannot be read: what is wrong with it, and the HTTP status that says so. */
export class FormError extends InputError {
  override name = 'FormError';
  readonly status: 400 | 413 | 415;

  constructor(status: FormError['status'], problem: string, options?: ErrorOptions) {
    super(problem, options);
    this.status = status;
  }
}

const garbled = (cause?: unknown) =>
  new FormError(400, 'The form arrived garbled. Please load the page again and retype it.', {
    cause,
  });
const tooLarge = () =>
  new FormError(413, 'That is more than a form may hold. Please make it shorter.');

/** How much of a form is read at most. */
type Limits = { readonly bytes: number; readonly fields: number };

const ofReaders: Limits = { bytes: 16 * 1024, fields: 50 };
/** Four fields a paper; a day has some hundred, and a list that was pasted may be long. */
const ofEditors: Limits = { bytes: 20 * 1024 * 1024, fields: 10_000 };

/**
 * Reads a form from anybody, strictly: what no browser sends is refused, and nothing is repaired.
 * @param fields the names that are read, with the most UTF-16 units each may have. One that is
 *   missing is ''; others are ignored.
 * @throws FormError
 */
export async function readForm<Name extends string>(
  request: Request,
  fields: Readonly<Record<Name, number>>,
): Promise<Readonly<Record<Name, string>>> {
  const most = new Map<string, number>(Object.entries(fields));
  const values = new Map<string, string>();
  for (const [name, value] of await readPairs(request, ofReaders)) {
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name + value)) {
      const problem = 'There is a line break or an invisible character in it. Please retype it.';
      throw new FormError(400, problem);
    }
    const limit = most.get(name);
    if (limit === undefined) continue;
    if (values.has(name)) throw garbled();
    if (value.length > limit) {
      throw new FormError(400, `That is too long: at most ${limit} characters, please.`);
    }
    values.set(name, value);
  }
  const value = Object.fromEntries([...most.keys()].map(name => [name, values.get(name) ?? '']));
  return value as Record<Name, string>;
}

/** A form as an editor posts it. */
export type Fields = {
  /** The first text of each name. */
  readonly texts: Readonly<Record<string, string>>;
  /** All texts of a name, in the form's order. */
  all(name: string): readonly string[];
  /** The file of that name; null where none was chosen. */
  file(name: string): Promise<{ readonly name: string; readonly bytes: Buffer } | null>;
};

/** Reads a form of an editor, which may bring files. Throws a FormError. */
export async function readFields(request: Request): Promise<Fields> {
  const multipart = /^\s*multipart\/form-data\b/i.test(request.headers.get('content-type') ?? '');
  const pairs = await (multipart ? readParts(request) : readPairs(request, ofEditors));
  const texts = pairs.filter((pair): pair is readonly [string, string] => isText(pair[1]));
  return {
    texts: Object.fromEntries(texts.toReversed()),
    all: wanted => texts.filter(([name]) => name === wanted).map(([, text]) => text),
    async file(wanted) {
      const file = pairs.find(([name]) => name === wanted)?.[1];
      if (file === undefined || isText(file) || file.size === 0) return null;
      return { name: file.name, bytes: Buffer.from(await file.arrayBuffer()) };
    },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The same of multipart/form-data (RFC 7578), with files. */
async function readParts(request: Request): Promise<(readonly [string, string | File])[]> {
  const form = await request.formData().catch(cause => {
    throw garbled(cause);
  });
  return [...form.entries()];
}

/**
 * The names and values of a form, in its order, from application/x-www-form-urlencoded in UTF-8
 * (the URL standard §5.1).
 */
async function readPairs(request: Request, most: Limits): Promise<(readonly [string, string])[]> {
  if (!isUrlEncoded(request.headers.get('content-type') ?? '')) {
    throw new FormError(415, 'Only forms are understood here, as a browser sends them.');
  }
  const bytes = await readBody(request, most.bytes);
  try {
    const pairs = utf8.decode(bytes).replaceAll('+', ' ').split('&').filter(Boolean);
    if (pairs.length > most.fields) throw garbled();
    // Throws at half an escape, and at escapes that are no UTF-8.
    return pairs.map(pair => {
      const [name = '', value = ''] = pair.split(/=(.*)/s, 2).map(decodeURIComponent);
      return [name, value];
    });
  } catch (error) {
    throw garbled(error);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** RFC 9110 §8.3.1: the type, and of parameters at most `charset=utf-8`. */
function isUrlEncoded(contentType: string): boolean {
  return /^\s*application\/x-www-form-urlencoded\s*(;\s*(charset\s*=\s*("utf-8"|utf-8)\s*)?)?$/i.test(
    contentType,
  );
}

/** The whole body. What is too large is not waited for. */
async function readBody(request: Request, most: number): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      // Leaving the loop cancels the stream.
      if (size > most) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // Or the client went away in the middle, and will not read this.
    throw error instanceof FormError ? error : garbled(error);
  }
  return Buffer.concat(chunks);
}
