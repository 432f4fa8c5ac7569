import { createHash } from 'node:crypto';
import type { SlotMarks } from './rendered.ts';

/**
 * The marks for a mail made of `content` (anything JSON can hold). They carry a hash of it, so
 * nothing in the content can be one of them; 42 characters, as long as the tokens they stand for.
 */
export function makeSlots(content: unknown, preferences: boolean): SlotMarks {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 30);
  return {
    unsubscribe: `unsubscribe-${hash}`,
    preferences: preferences ? `preferences-${hash}` : null,
  };
}

/** `text` with a reader's own `values` in the place of its `slots`. */
export function fillSlots(
  text: string,
  slots: SlotMarks,
  values: { readonly unsubscribe: string; readonly preferences?: string | null },
): string {
  const filled = text.replaceAll(slots.unsubscribe, () => values.unsubscribe);
  const { preferences } = slots;
  return preferences ? filled.replaceAll(preferences, () => values.preferences ?? '') : filled;
}
