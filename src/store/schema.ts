import type { Generated } from 'kysely';
import type { EditionKind, Frequency } from '../edition/edition.ts';
import type { Day } from '../lib/day.ts';
import type { NoticePurpose } from '../lib/notice.ts';

/** `guest`: was named in `--to`, belongs to no audience, can unsubscribe. */
export type SubscriberStatus =
  | 'pending'
  | 'active'
  | 'unsubscribed'
  | 'bounced'
  | 'complained'
  | 'guest';

/** Why an address is not mailed; only a person lifts `complained` and `editor`. */
export type SuppressionReason = 'left' | 'forgotten' | 'complained' | 'bounced' | 'editor';

/** draft → scheduled → freezing → sending ⇄ paused → sent, cancelled or expired. */
export type EditionStatus =
  | 'draft'
  | 'scheduled'
  | 'freezing'
  | 'sending'
  | 'paused'
  | 'sent'
  | 'cancelled'
  | 'expired';

/** What has become of a message to one person: `sent` is the SMTP server's 250 after the data. */
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'deferred' | 'failed' | 'skipped';

/** Who an edition is for: the readers of its kind, or only those named when it was sent. */
export type Audience = 'readers' | 'named';

/** UTC milliseconds. */
type Instant = number;

/**
 * What a scheduled day came to. `source-empty`: the source lists nothing (new) for it, as at weekends.
 * `skipped`: nothing ran in time. `no-readers`: nobody would get it. `failed`: the program's own fault.
 */
export type SlotOutcome =
  | 'published'
  | 'nothing-new'
  | 'source-empty'
  | 'source-failed'
  | 'skipped'
  | 'no-readers'
  | 'failed';

/** What an address is found by: itself, as `lib/address` folds it, and its keyed hash, hex. */
export type AddressColumns = {
  readonly address: string;
  readonly addressKey: string;
  readonly addressHash: string;
};

/** How far a message has come that is sent to one person. */
type SendingColumns = {
  state: DeliveryState;
  /** When it may be tried next; 0 is at once, whatever the clock is set to. */
  dueAt: Instant;
  attempts: Generated<number>;
  /** How often the connection was lost after the final dot, so that it may have arrived. */
  lost: Generated<number>;
  /** The worker that holds the claim; the claim lasts as long as the worker's lease. */
  claimedBy: string | null;
  /** The relay's last reply: SMTP code, enhanced code (RFC 3463), text; or our reason. */
  code: number | null;
  enhanced: string | null;
  reply: string | null;
  sentAt: Instant | null;
};

/** The tables; every column's meaning is here and nowhere else. */
export type Schema = {
  settings: { name: string; value: string };
  linkKeys: {
    id: Generated<number>;
    /** base64url, 32 bytes. */
    key: string;
    createdAt: Instant;
    retiredAt: Instant | null;
  };
  subscribers: AddressColumns & {
    id: Generated<number>;
    name: string | null;
    status: SubscriberStatus;
    frequency: Frequency;
    tokenCounter: Generated<number>;
    pausedUntil: Instant | null;
    /** Where the address came from: a list file's name, `cli`, `web`. */
    source: string;
    createdAt: Instant;
    changedAt: Instant;
  };
  suppressions: { addressHash: string; reason: SuppressionReason; createdAt: Instant };
  editions: {
    id: Generated<number>;
    kind: EditionKind;
    date: Day;
    /** Empty for daily and weekly; for manual a hash of what is in it, see `editionKey()`. */
    key: string;
    status: EditionStatus;
    pausedBy: 'operator' | 'policy' | 'relay' | null;
    /** Why it is paused or cancelled, in words. */
    reason: string | null;
    audience: Audience;
    public: 0 | 1;
    subject: string;
    /** The Edition as JSON: what the web page shows. */
    content: string;
    /** The wire template as JSON: what every worker sends, also after an upgrade. */
    wire: string;
    linkKey: number;
    /** Subscribers with a greater id came after this edition was frozen. */
    frozenMaxId: Generated<number>;
    /** How far freezing has come, so that it can be resumed. */
    frozenToId: Generated<number>;
    createdAt: Instant;
    finishedAt: Instant | null;
    expiresAt: Instant;
    /** When an edition that waits for a limit to end goes on; null where it waits for no time. */
    resumeAt: Generated<Instant | null>;
    /** When a scheduled edition begins; null for one that began at once. */
    sendAt: Generated<Instant | null>;
    /** Whether a scheduled edition is listed on the web once it begins. */
    publicWhenSent: Generated<0 | 1>;
  };
  picks: {
    editionId: number;
    position: number;
    arxivId: string | null;
    titleKey: string;
    /** The Paper as JSON. */
    paper: string;
  };
  deliveries: SendingColumns & { editionId: number; subscriberId: number };
  /** A domain whose server refuses an edition, with its words; its readers wait until then. */
  holds: { editionId: number; domain: string; reply: string; until: Instant };
  workers: { id: string; startedAt: Instant; leaseUntil: Instant };
  /** `at`: when a message was begun, for SEND_RATE. */
  permits: { at: Instant };
  slots: {
    kind: EditionKind;
    date: Day;
    outcome: SlotOutcome;
    reason: string | null;
    editionId: number | null;
    /** The scheduled instant. */
    dueAt: Instant;
    /** When it was first looked at. */
    begunAt: Instant;
    /** When it was looked at last. */
    decidedAt: Instant;
    /** When it is looked at again; null where it is decided for good. */
    againAt: Instant | null;
  };
  /** `since`: since when the schedule of that kind is this one, its time zone included. */
  schedules: { kind: EditionKind; schedule: string; since: Instant };
  lists: { path: string; contentHash: string; importedAt: Instant };
  /** Who asked to subscribe, until it is decided what that comes to. */
  signUps: AddressColumns & { id: Generated<number>; frequency: Frequency; askedAt: Instant };
  notices: SendingColumns & {
    id: Generated<number>;
    purpose: NoticePurpose;
    subscriberId: number;
    /** "Only once" is (purpose, subscriber, window): a number that the purpose decides. */
    window: number;
    /** Keyed hash of the address it goes to: no address is mailed too often, whoever asks. */
    addressHash: string;
    /** The operator's; null where it is the subscriber's. */
    address: string | null;
    /** What it is about, as JSON, where its purpose alone does not say it. */
    content: string | null;
    createdAt: Instant;
  };
  /** The address that a subscriber wants to be mailed at, until its owner confirms. */
  addressChanges: AddressColumns & {
    id: Generated<number>;
    subscriberId: number;
    askedAt: Instant;
  };
  /** Why readers said they left; without who they were. */
  leavingReasons: { reason: string; givenAt: Instant };
  /** How often something was done under `key` before `until`. Keys are hashes, not addresses. */
  limits: { key: string; count: number; until: Instant };
  drafts: {
    id: Generated<number>;
    /** Counts up with each save. */
    version: number;
    /** The draft as JSON. */
    content: string;
    /** The edition that it was sent as last, and in which version. */
    editionId: number | null;
    editionVersion: number | null;
    createdAt: Instant;
    changedAt: Instant;
  };
  /** Who is signed in to the desk. */
  sessions: {
    /** SHA-256 of the id in the cookie, hex. */
    idHash: string;
    /** What the password was when it began: another password ends it. */
    passwordTag: string;
    createdAt: Instant;
    expiresAt: Instant;
  };
  /** A source's answer; one row for as long as it answers the same. */
  answers: {
    url: string;
    /** SHA-256 of the body, hex. */
    bodyHash: string;
    /** When it came last. */
    fetchedAt: Instant;
    /** 304: the server confirmed the body that we had, which is here again. */
    status: number;
    contentType: string | null;
    /** gzip, base64. */
    body: string;
  };
  /** A paper as it was last seen on the list of the source's day `date`. */
  papersSeen: {
    date: Day;
    titleKey: string;
    arxivId: string | null;
    /** Its place on the list, from 0. */
    position: number;
    upvotes: number | null;
    /** The Paper as JSON. */
    paper: string;
    firstSeenAt: Instant;
    seenAt: Instant;
  };
};
