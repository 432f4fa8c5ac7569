import type { Runtime } from '../../lib/runtime.ts';

/** A file as it was posted. */
export type Upload = { readonly name: string; readonly bytes: Buffer };

const quarterMs = 15 * 60_000;
const most = 3;

/** Keeps the last files that were looked at, until it is said what to do with them. */
export function createUploads({ random, now }: Pick<Runtime, 'random' | 'now'>) {
  const kept = new Map<string, Upload & { readonly until: number }>();
  return {
    /** @returns the name by which it is found for a quarter of an hour. */
    keep(file: Upload): string {
      const [oldest] = kept.keys();
      if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
      const id = random(18).toString('base64url');
      kept.set(id, { ...file, until: now() + quarterMs });
      return id;
    },
    /** The file, once; null where it is not there any more. */
    take(id: string): Upload | null {
      const file = kept.get(id);
      kept.delete(id);
      return file && file.until > now() ? file : null;
    },
  };
}
