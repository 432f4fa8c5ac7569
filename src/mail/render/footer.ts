import type { Edition } from '../../edition/edition.ts';
import type { Masthead, SlotMarks } from './rendered.ts';

/** What stands below an edition: why one gets it, how to leave, where else to read it. */
export type FooterView = {
  readonly why: string;
  /** How to do by replying what no link here does. */
  readonly reply: string | null;
  readonly postalAddress: string | null;
  readonly homeUrl: string | null;
  /** Null: one leaves by replying. */
  readonly unsubscribeUrl: string | null;
  readonly preferencesUrl: string | null;
  readonly editionUrl: string | null;
};

/** The footer of `edition`; `path` is its page's below `/editions/`, null where it has none. */
export function viewFooter(
  { name, postalAddress, links }: Masthead,
  slots: SlotMarks,
  path: string | null,
): FooterView {
  if (links.style === 'reply') {
    return {
      why: `You get ${name} because your address is on its list.`,
      reply: 'To leave, reply with “unsubscribe”. To change how you get it, reply and say so.',
      postalAddress,
      homeUrl: null,
      unsubscribeUrl: null,
      preferencesUrl: null,
      editionUrl: null,
    };
  }
  const { base } = links;
  return {
    why: `You get ${name} because your address is on its list at ${new URL(base).host}.`,
    reply: slots.preferences ? null : 'To change how you get it, reply and say so.',
    postalAddress,
    homeUrl: `${base}/`,
    unsubscribeUrl: `${base}/unsubscribe/${slots.unsubscribe}`,
    preferencesUrl: slots.preferences && `${base}/preferences/${slots.preferences}`,
    editionUrl: path === null ? null : `${base}/editions/${encodeURIComponent(path)}`,
  };
}

/** Where an edition's page is below `/editions/` by its date alone: daily editions only. */
export function pathOf({ kind, date }: Edition): string | null {
  return kind === 'daily' ? date : null;
}
