import type { Edition } from '../../edition/edition.ts';

/** What every page knows of this installation. */
export type Site = {
  /** The newsletter's name, `Daily Papers`. */
  readonly name: string;
  /** PUBLIC_URL without a slash at its end; null where there is none, and no absolute links. */
  readonly base: string | null;
  /** What one subscribes to: `weekdays about 08:00 CET, ten papers, one click to leave`. */
  readonly promise: string;
  /** Who runs it, a postal address in one line; null only in the demo. */
  readonly operator: string | null;
  /** The address that mails come from. */
  readonly mailFrom: string;
  /** The address that answers go to. */
  readonly contact: string;
  /** Whether one can subscribe here: mails must be able to link back. */
  readonly signUp: boolean;
};

/** The sign-up form as it is shown, with what was wrong with the last try. */
export type SignUpForm = {
  /** Goes into the hidden field `stamp` as it is. */
  readonly stamp: string;
  readonly address: string;
  readonly frequency: 'daily' | 'weekly';
  /** Why it could not be accepted, a sentence; null where it was not tried yet. */
  readonly problem: string | null;
};

/** A link to another edition: its path below `/editions/`. */
export type EditionLink = { readonly path: string; readonly label: string };

/** The first page. `path`: the edition's own page below `/editions/`; null where it has none. */
export type HomePage = {
  readonly edition: Edition | null;
  readonly path: string | null;
  readonly form: SignUpForm;
};

/** An edition as a page of its own. `indexed`: search engines may list it. */
export type EditionPage = {
  readonly edition: Edition;
  readonly path: string | null;
  readonly indexed: boolean;
  readonly earlier: EditionLink | null;
  readonly later: EditionLink | null;
};

/** One edition in the archive. `titles`: its papers', the lead first. */
export type ArchiveEntry = {
  readonly path: string;
  readonly kind: 'daily' | 'weekly' | 'manual';
  /** `2025-09-03` */
  readonly date: string;
  readonly subject: string;
  readonly titles: readonly string[];
};

/** The archive, or what a search in it found; newest first. */
export type ArchivePage = {
  /** What was searched for; empty where nothing was. */
  readonly search: string;
  readonly months: readonly {
    readonly label: string;
    readonly editions: readonly ArchiveEntry[];
  }[];
  /** The path of the page with older ones, null on the last. */
  readonly older: string | null;
};

/** What a reader gets, as the page of preferences shows it; `path` is where its forms go. */
export type PreferencesPage = {
  readonly path: string;
  /** As readable as it may be in a mail that was forwarded: `a…@example.org`. */
  readonly maskedAddress: string;
  readonly frequency: 'daily' | 'weekly';
  /** The day from which mails come again, `2025-09-20`; null where nothing is paused. */
  readonly pausedUntil: string | null;
  /** The first day one may pause until, and the last. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** What has just been done, a sentence; null at first. */
  readonly done: string | null;
  readonly problem: string | null;
};

/** What a fresh link allows: another address, one's data, being forgotten. */
export type ManagePage = {
  readonly path: string;
  readonly address: string;
  readonly problem: string | null;
};

/** A page that says something, and may ask for one act, which is a POST to `path`. */
export type MessagePage = {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly action: { readonly path: string; readonly label: string } | null;
};

/** After leaving: the way back, and one question. */
export type LeftPage = { readonly undoPath: string; readonly whyPath: string };

/** An edition in the feed; `updated` is an RFC 3339 instant. */
export type FeedEntry = {
  readonly edition: Edition;
  readonly path: string;
  readonly updated: string;
};

/** The newest editions for feed readers. A feed needs absolute addresses: `base` is the site's. */
export type Feed = {
  readonly base: string;
  /** When anything in it last changed, an RFC 3339 instant. */
  readonly updated: string;
  readonly entries: readonly FeedEntry[];
};

/** A page with one form; `path` is where it goes, by POST. */
export type ActPage = { readonly path: string };

/** The demo's inbox, newest mail first. `time` is text; `path` leads to the mail's own page. */
export type InboxPage = {
  readonly name: string;
  readonly mails: readonly {
    readonly path: string;
    readonly from: string;
    readonly to: string;
    readonly subject: string;
    readonly time: string;
  }[];
};

/** One mail of the demo's inbox. The paths lead to its parts, which are served as they are. */
export type MailPage = {
  readonly subject: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly inboxPath: string;
  readonly htmlPath: string;
  readonly textPath: string;
  readonly sourcePath: string;
};
