import type { SuppressionReason } from '../store/schema.ts';

/** What a cell says of its row's reader: mail them, leave them out, or suppress them, and why. */
export type Says = 'mail' | 'skip' | SuppressionReason;

/** Reads a cell; null where it is not understood. */
export type ReadCell = (cell: string) => Says | null;

/**
 * Words as they are compared: lower case, accents and punctuation off, `emailOptOut` and
 * `EMAIL_OPT_OUT` alike.
 */
export function plain(text: string): string {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** `plain` words from lines of them, with commas between. */
export const wordList = (...lines: readonly string[]): readonly string[] =>
  lines.flatMap(line => line.split(', ')).map(plain);

/** Alternatives, each at the beginning of a word where words have spaces between them. */
function stems(...lines: readonly string[]): RegExp {
  const all = wordList(...lines).map(stem => (/^[\0-\u024f]/.test(stem) ? `\\b${stem}` : stem));
  return new RegExp(all.join('|'), 'u');
}

/**
 * How programs and people say that somebody is not to be mailed, and why; the first that fits
 * counts. `sure` words say so wherever they stand, `likely` ones only in a heading, or in a column
 * that is about that. "Blacklisted" is `left` and not `editor`: programs call so who unsubscribed
 * (Brevo, phpList, listmonk), and who did may come back by a sign-up of their own.
 */
const vocabulary: readonly { reason: SuppressionReason; sure: RegExp; likely: RegExp }[] = [
  {
    reason: 'complained',
    sure: stems('complain, spam complaint, spam report, marked as spam, reported as spam'),
    likely: stems(
      'spam, abuse, junk, beschwerde, plainte, queja, reclam, klacht, klagom, skarg',
      'жалоб, 投诉, 投訴, 苦情, 迷惑, 스팸',
    ),
  },
  {
    reason: 'bounced',
    sure: stems('bounc, undeliver, unzustellbar, rebotad, rimbalz, studs, odbit, 退信, 不達'),
    likely: stems('clean, invalid, quarantin, unreachable, ungultig, rebot, invalido, npai'),
  },
  {
    reason: 'left',
    sure: stems(
      'unsub, opt out, opted out, optout, optedout, suppress, black list, blacklist',
      'block list, blocklist, do not mail, do not email, do not contact, do not send, no email',
      'no mail, nomail, by user, mailing stop, abgemeldet, abmeld, ausgetragen, abbestell',
      'desabon, desinscri, liste noire, de baja, desuscri, lista negra, lista nera, disiscri, descadastr',
      'uitgeschreven, uitschrijv, afgemeld, afmeld, avregistr, avprenum, avmeld, frameld',
      'wypisan, odhlas, leiratkoz, peruut, отпис, черный список, 配信停止, 退会, 購読解除',
      '退订, 退訂, 黑名单, 黑名單, 拉黑, 수신거부, 구독취소',
    ),
    likely: stems(
      'delet, cancel, archived, withdrawn, revoked, gelosch, widerruf, widerspr',
      'supprim, oppos, eliminad, eliminat, excluid, exclude, verwijder, usuniet',
      'удал, отказ, 削除, 删除, 삭제, 拒否, 拒收',
    ),
  },
  {
    reason: 'editor',
    sure: stems('banned, by moderator, blocked, gesperrt, geblokkeerd, zablokowan, blokerad'),
    likely: stems(
      'block, disab, deactiv, desactiv, disattiv, deaktiv, remov, reject, suspend, spammy',
      'sperr, bloque, bloqu, blocca, banni, blok, gedeactiveerd, блок, ブロック, 封禁, 차단',
    ),
  },
];

/** Why a text says that somebody is not to be mailed; null where it does not. */
export function reasonIn(text: string, where: 'anywhere' | 'about it'): SuppressionReason | null {
  const words = plain(text);
  const fits = ({ sure, likely }: (typeof vocabulary)[number]) =>
    sure.test(words) || (where === 'about it' && likely.test(words));
  return vocabulary.find(fits)?.reason ?? null;
}

/** Whether a cell of any column says by itself, in a word or three, that somebody opted out. */
export function isOptOutWord(cell: string): boolean {
  if (cell.length > 40 || /[\d@]/.test(cell)) return false;
  return plain(cell).split(' ').length <= 3 && reasonIn(cell, 'anywhere') !== null;
}

/** Headings of what readers agreed to: "no" is an opt-out, whatever else stands there. */
const consent = stems(
  'consent, einwillig, zustimm, consens, samty, zgod, souhlas, toestemming, согласи, 同意, 동의',
);

/** Headings whose "no" may be an opt-out, where all that stands there is yes or no. */
const permission = stems(
  'subscri, is subscri, opt in, opted in, optin, accept, permission, newsletter, marketing',
  'mail, email, want, receive, active, aktiv, actif, activ, ativ, confirm, verif, abonn, inscri, iscri',
  'suscri, подпис, 購読, 订阅, 訂閱, 구독',
);

/**
 * Whether a heading speaks of opting out of mail: of a column that a person has to explain
 * `always`, or only where all its values are yes or no. `suspect` is the answer that likely means
 * an opt-out. Null where it is about something else.
 */
export function headingAsks(heading: string): { always: boolean; suspect: 'yes' | 'no' } | null {
  const name = plain(heading);
  if (consent.test(name)) return { always: true, suspect: 'no' };
  if (reasonIn(name, 'about it')) return { always: true, suspect: 'yes' };
  return permission.test(name) ? { always: false, suspect: 'no' } : null;
}

const words = (...lines: readonly string[]): ReadonlySet<string> => new Set(wordList(...lines));
const yes = words(
  'true, t, yes, y, 1, x, on, ja, oui, si, sim, da, tak, wahr, vrai, vero, 是, はい',
);
const no = words(
  'false, f, no, n, 0, off, nein, non, nee, nej, nao, nie, falsch, faux, falso, 否, いいえ',
);
const empty = words('null, none, nan, n a');

/** What a cell of a yes-or-no column says; null where it is no such word. */
export function flagOf(cell: string): 'yes' | 'no' | 'empty' | null {
  if (/^[-–—[\]{}()'"\s]*$/.test(cell)) return 'empty';
  if (cell.length > 10) return null;
  const word = plain(cell);
  if (empty.has(word)) return 'empty';
  if (yes.has(word)) return 'yes';
  return no.has(word) ? 'no' : null;
}

const whereYes = (says: Says) => whereFlag({ yes: says, no: 'mail', empty: 'mail' });
const whereNo = (says: Says) => whereFlag({ yes: 'mail', no: says, empty: 'mail' });

function whereFlag(says: Readonly<Record<'yes' | 'no' | 'empty', Says>>): ReadCell {
  return cell => {
    const flag = flagOf(cell);
    return flag && says[flag];
  };
}

/** For dates and reasons, which stand there only where there is one. */
const whereFilled =
  (reason: SuppressionReason): ReadCell =>
  cell =>
    ['empty', 'no'].includes(flagOf(cell) ?? '') ? 'mail' : reason;

const welcome = words('active, subscribed, subscriber, enabled, confirmed');
const waiting = words(
  'pending, unconfirmed, not confirmed, unactivated, inactive, invited, guest, soft bounced',
  'soft bounce, never subscribed, not subscribed, non subscribed, nonsubscribed',
);

/** For statuses in words; `other` is what a word says that is none of those known. */
const status =
  (other: Says | null): ReadCell =>
  cell => {
    if (flagOf(cell) === 'empty' || welcome.has(plain(cell))) return 'mail';
    return waiting.has(plain(cell)) ? 'skip' : (reasonIn(cell, 'about it') ?? other);
  };

/** For reasons in words: whatever stands there is one. */
const why: ReadCell = cell =>
  flagOf(cell) === 'empty' ? 'mail' : (reasonIn(cell, 'about it') ?? 'left');

const nothing: ReadCell = () => 'mail';

/** phpList gives an address up after five bounces (`bounce_unsubscribe_threshold`). */
const bounces: ReadCell = cell => {
  if (flagOf(cell) === 'empty') return 'mail';
  return /^\d+$/.test(cell) ? (Number(cell) >= 5 ? 'bounced' : 'mail') : null;
};

const buttondownType: ReadCell = cell =>
  plain(cell) === 'spammy' ? 'editor' : status('mail')(cell);

/** "B": disabled for bounces; "A": by an administrator; "U": by the reader, "?": nobody knows. */
const nomail: ReadCell = cell =>
  (({ b: 'bounced', a: 'editor' }) as const)[plain(cell)] ?? whereFilled('left')(cell);

/** The columns of known exports, by heading as `plain` writes it, with where they are documented. */
const knownColumns: Readonly<Record<string, ReadCell>> = {
  // Ours, Sendy, Mailtrain, beehiiv, MailerLite; listmonk: cmd/subscribers.go; Kit: its API's states
  status: status('skip'),
  'subscription status': status('skip'),
  'subscriber status': status('skip'),
  state: status('mail'),
  // Mailchimp: https://mailchimp.com/help/view-export-contacts/
  'unsub time': whereFilled('left'),
  'unsub reason': why,
  'unsub reason other': nothing,
  'unsub campaign title': nothing,
  'unsub campaign id': nothing,
  'clean time': whereFilled('bounced'),
  'clean campaign title': nothing,
  'clean campaign id': nothing,
  // Substack: https://github.com/TryGhost/migrate, packages/mg-substack
  'email disabled': whereYes('left'),
  'active subscription': nothing,
  'cancel date': nothing,
  // Ghost: https://ghost.org/help/export-members/
  'subscribed to emails': whereNo('left'),
  'deleted at': whereFilled('left'),
  // HubSpot: https://knowledge.hubspot.com, its default contact properties
  'unsubscribed from all email': whereYes('left'),
  'email hard bounced': whereFilled('bounced'),
  'email hard bounce reason': whereFilled('bounced'),
  'invalid email address': whereYes('bounced'),
  'email address quarantined': whereYes('bounced'),
  'marketing emails bounced': nothing,
  // HubSpot's "Export unsubscribes and bounces": all in it opted out, be it of one kind of mail.
  'portal unsubscribe': () => 'left',
  'portal bounce': whereFilled('bounced'),
  'global bounce': whereFilled('bounced'),
  'portal spam report': whereFilled('complained'),
  'marketing information': nothing,
  // Klaviyo: https://help.klaviyo.com/hc/en-us/articles/115005246108, and its API's suppressions
  'email marketing consent': status(null),
  'email marketing consent timestamp': nothing,
  'email suppressions': why,
  'email suppressions timestamp': nothing,
  // Brevo: https://developers.brevo.com/reference/request-contact-export
  'email blacklisted': whereYes('left'),
  'email blacklist': whereYes('left'),
  'email blocklisted': whereYes('left'),
  blacklisted: whereYes('left'),
  blocklisted: whereYes('left'),
  // Buttondown: https://github.com/buttondown/openapi, enums.json
  type: buttondownType,
  'subscriber type': buttondownType,
  'unsubscription date': whereFilled('left'),
  'unsubscription reason': nothing,
  'undeliverability date': whereFilled('bounced'),
  'undeliverability reason': nothing,
  'bounce date': whereFilled('bounced'),
  // Google Groups: https://support.google.com/groups/answer/2465464
  'group status': status('mail'),
  'email status': status('mail'),
  'email preference': status('mail'),
  // Mailman 2 and 3: its "Membership List"; https://docs.mailman3.org, DeliveryStatus
  nomail,
  'delivery status': status(null),
};

/** phpList's (admin/structure.php): so common that they are known beside its others alone. */
const phpListColumns: Readonly<Record<string, ReadCell>> = {
  confirmed: whereNo('skip'),
  'is this subscriber confirmed': whereNo('skip'),
  'is this subscriber blacklisted': whereYes('left'),
  bouncecount: bounces,
  'bounce count': bounces,
  'number of bounces': bounces,
  disabled: whereYes('editor'),
  'is this account disabled': whereYes('editor'),
  optedin: nothing,
};
const phpListSigns = words('blacklisted, is this subscriber blacklisted, bouncecount, htmlemail');

/** Columns that say when somebody opted out. */
const times = words(
  'unsub time, clean time, deleted at, unsubscription date, undeliverability date, bounce date',
  'email suppressions timestamp, email marketing consent timestamp',
);

/** A column that is known to say who opted out, or when. */
export type KnownColumn = { readonly read: ReadCell; readonly isTime: boolean };

/** What is known of the column under `heading` in a file with these headings; null for nothing. */
export function knownColumn(heading: string, headings: readonly string[]): KnownColumn | null {
  const name = plain(heading);
  const isNoMail = /\b(sms|whatsapp|phone|call|push|postal|fax)\b/.test(name) && !/mail/.test(name);
  const isPhpList = headings.some(other => phpListSigns.has(plain(other)));
  const known = isPhpList ? { ...knownColumns, ...phpListColumns } : knownColumns;
  const read = isNoMail ? nothing : Object.hasOwn(known, name) ? known[name] : undefined;
  return read ? { read, isTime: times.has(name) } : null;
}

/** What a file's name says of everybody in it: Mailchimp's exports are told apart by it. */
export function saysOfFile(file: string): Says | null {
  const [, kind] =
    /(?:^|[\\/])(unsubscribed|cleaned|nonsubscribed)_[^\\/]*export[^\\/]*$/i.exec(file) ?? [];
  const says = { unsubscribed: 'left', cleaned: 'bounced', nonsubscribed: 'skip' } as const;
  return kind ? says[kind.toLowerCase() as keyof typeof says] : null;
}

const weakestFirst: readonly Says[] = [
  'mail',
  'skip',
  'left',
  'forgotten',
  'bounced',
  'editor',
  'complained',
];

/** Of all that is said of somebody, what counts. */
export function strongest(says: readonly Says[]): Says {
  return weakestFirst.findLast(one => says.includes(one)) ?? 'mail';
}
