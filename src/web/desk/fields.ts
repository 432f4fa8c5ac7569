import type { Context } from 'hono';
import { InputError } from '../../lib/errors.ts';

/** A form as it was posted. */
export type Fields = {
  /** The first text of each name. */
  readonly texts: Readonly<Record<string, string>>;
  /** All texts of a name, in the form's order. */
  all(name: string): readonly string[];
  /** The file of that name; null where none was chosen. */
  file(name: string): Promise<{ readonly name: string; readonly bytes: Buffer } | null>;
};

/** Reads a form, urlencoded or multipart. Throws an InputError for what is none. */
export async function fieldsOf(context: Context): Promise<Fields> {
  const form = await context.req.formData().catch((cause: unknown) => {
    throw new InputError('The form arrived garbled. Load the page again.', { cause });
  });
  const texts = (name: string) =>
    form.getAll(name).filter((value): value is string => typeof value === 'string');
  const names = [...new Set([...form.keys()])];
  return {
    texts: Object.fromEntries(names.map(name => [name, texts(name)[0] ?? ''])),
    all: texts,
    async file(name) {
      const value = form.get(name);
      if (value === null || typeof value === 'string' || value.size === 0) return null;
      return { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) };
    },
  };
}
