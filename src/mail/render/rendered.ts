import { createHash } from 'node:crypto';

/**
 * How links to this installation look in a mail. `web`: personal and public links under `base`
 * (no slash at the end). `reply`: there is no public https address, so one leaves by replying.
 */
export type LinkStyle =
  | { readonly style: 'web'; readonly base: string }
  | { readonly style: 'reply' };

/** What every mail of this installation says about its sender. */
export type Masthead = {
  /** The newsletter's name, `Daily Papers`. */
  readonly name: string;
  /** One line; null only in the demo and in previews without one. */
  readonly postalAddress: string | null;
  readonly links: LinkStyle;
};

/**
 * Where a reader's own token goes in `html` and `text`: ASCII marks that the edition's content
 * cannot contain (they carry a hash of it). Each stands for, and is as long as, 42 base64url
 * characters. `preferences` is null where the mail has no link to them.
 */
export type SlotMarks = { readonly unsubscribe: string; readonly preferences: string | null };

/** A rendered edition, the same for every reader but for the slots. Line ends are LF. */
export type Rendered = {
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
  readonly text: string;
  readonly slots: SlotMarks;
  /** How many of the edition's picks are in it, from the first; fewer than all if trimmed. */
  readonly picks: number;
  /** What was left out to stay within the size budget, in words for the log; empty if nothing. */
  readonly trimmed: readonly string[];
};

/**
 * Stands for a token in a mail made of `content` (anything JSON can hold), and is as long, 42
 * characters. It carries a hash of the content, so nothing in the content can be it.
 */
export function tokenMark(name: string, content: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `${name}-${hash}`.slice(0, 42);
}

/** The marks for a mail made of `content`, with or without a link to preferences. */
export function makeSlots(content: unknown, preferences: boolean): SlotMarks {
  return {
    unsubscribe: tokenMark('unsubscribe', content),
    preferences: preferences ? tokenMark('preferences', content) : null,
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
