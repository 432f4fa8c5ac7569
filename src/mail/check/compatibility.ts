import { clientSupport } from './client-support.ts';
import { featuresOf, type Use } from './features.ts';
import { badness, type Finding, type Severity } from './finding.ts';
import type { Mail } from './read-mail.ts';

/** A mail client. `big`: so many readers use it that a mail has to work there. */
export type MailClient = {
  readonly family: string;
  readonly platform: string;
  readonly name: string;
  readonly big: boolean;
};

const client = (family: string, platform: string, name: string, big: boolean): MailClient => ({
  family,
  platform,
  name,
  big,
});

/** In the order of the letters in `clientSupport`; families and platforms as Can I email names them. */
export const clients: readonly MailClient[] = [
  client('gmail', 'desktop-webmail', 'Gmail', true),
  client('gmail', 'ios', 'Gmail for iOS', true),
  client('gmail', 'android', 'Gmail for Android', true),
  client('apple-mail', 'macos', 'Apple Mail', true),
  client('apple-mail', 'ios', 'iPhone Mail', true),
  client('outlook', 'windows', 'Outlook for Windows', true),
  client('outlook', 'macos', 'Outlook for Mac', false),
  client('outlook', 'outlook-com', 'Outlook.com', true),
  client('outlook', 'ios', 'Outlook for iOS', false),
  client('outlook', 'android', 'Outlook for Android', false),
  client('yahoo', 'desktop-webmail', 'Yahoo', true),
  client('yahoo', 'ios', 'Yahoo for iOS', false),
  client('yahoo', 'android', 'Yahoo for Android', false),
  client('samsung-email', 'android', 'Samsung Email', false),
  client('thunderbird', 'macos', 'Thunderbird', false),
];

/** The clients that reach a feature (they support all of `within`) and do not support it. */
function lacking(feature: string, within: readonly string[] = []): readonly MailClient[] {
  const letters = clientSupport[feature] ?? '';
  return clients.filter((_, at) => {
    const reached = within.every(gate => clientSupport[gate]?.[at] !== 'n');
    return reached && letters[at] === 'n';
  });
}

/** Client names for a sentence: `Gmail, Outlook for Windows`. A whole family is named once. */
function namesOf(some: readonly MailClient[]): string {
  const whole = (family: string) =>
    clients.every(one => one.family !== family || some.includes(one));
  const names = some.map(({ family, name }) => (whole(family) ? families[family] : null) ?? name);
  return [...new Set(names)].join(', ');
}

const families: Readonly<Record<string, string>> = {
  gmail: 'Gmail',
  'apple-mail': 'Apple Mail',
  outlook: 'Outlook',
  yahoo: 'Yahoo',
};

/** Features that make a mail nicer, and that nobody misses in a client without them. */
const graceful =
  /^(?:css-(?:overflow-wrap|word-break|word-wrap|hyphens|text-wrap|color-scheme|cursor|letter-spacing|font-kerning|user-select|orphans|widows|tab-size|text-underline-.*|text-decoration-.+|sytem-ui|important)|html-(?:lang|dir|role|aria-.*|target|loading|meta-color-scheme|semantics))$/;

/** Features whose absence is seen, but leaves the mail readable. */
const decorative =
  /^(?:css-(?:border-radius|box-shadow|text-shadow|outline|outline-offset|opacity|transition|animation|filter|linear-gradient|radial-gradient|background-(?:size|position|repeat|origin|clip|blend-mode)|mix-blend-mode|accent-color)|image-.*)$/;

/** The names of the features that a mail uses, as in Can I email. */
export function featureNames(mail: Mail): ReadonlySet<string> {
  return new Set(featuresOf(mail).map(({ feature }) => feature));
}

/** What MJML itself uses, in an empty document, too: no author can do without. A test holds it. */
export const mjmlFeatures: ReadonlySet<string> = new Set(
  `html-lang html-dir html-style html-body css-word-spacing html-div css-display-none css-font-size
  css-line-height css-max-height css-max-width css-opacity css-overflow html-aria-label html-role
  css-margin html-table html-align html-cellpadding html-cellspacing css-width css-direction
  css-padding css-text-align css-display css-vertical-align html-width css-word-break
  css-border-collapse css-unit-pt css-border css-height css-outline css-text-decoration css-at-media
  css-important`.split(/\s+/),
);

/** Finds HTML and CSS that clients do not support, each feature once, but for what MJML uses. */
export function checkCompatibility(mail: Mail): Finding[] {
  const found = new Map<string, Use & { severity: Severity; without: readonly MailClient[] }>();
  for (const use of featuresOf(mail)) {
    if (mjmlFeatures.has(use.feature)) continue;
    const without = lacking(use.feature, use.within);
    if (without.length === 0) continue;
    const severity = severityOf(use, without);
    const known = found.get(use.feature);
    if (!known || badness[severity] < badness[known.severity]) {
      found.set(use.feature, { ...use, severity, without });
    }
  }
  return [...found.values()].map(({ feature, name, line, severity, without, gate }) => ({
    severity,
    rule: 'clients',
    what: `Not supported: ${name}, by ${namesOf(without)}.`,
    cure: cureOf(severity, gate, feature),
    place: `edition.html:${line}`,
    written: [name, name.replace(':', ': '), name.replace(/[<>]/g, '')],
  }));
}

function severityOf({ feature, gate }: Use, without: readonly MailClient[]): Severity {
  if (gate || graceful.test(feature)) return 'note';
  if (decorative.test(feature)) return 'warning';
  return without.some(({ big }) => big) ? 'error' : 'warning';
}

function cureOf(severity: Severity, gate: boolean, feature: string): string {
  const more = `https://www.caniemail.com/features/${feature}/`;
  if (gate) return `The mail must be right without it, too. ${more}`;
  return severity === 'note'
    ? `Nobody misses it there. ${more}`
    : `Do it with what they all know, or in an @media rule for those that know it. ${more}`;
}
