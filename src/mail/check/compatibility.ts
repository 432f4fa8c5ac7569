import { type Client, lacking, namesOf } from './clients.ts';
import { featuresOf, type Use } from './features.ts';
import type { Finding, Severity } from './finding.ts';
import type { Mail } from './read-mail.ts';

/** What is only nicer where it works, and where it does not nobody misses it. */
const graceful =
  /^(?:css-(?:overflow-wrap|word-break|word-wrap|hyphens|text-wrap|color-scheme|cursor|letter-spacing|font-kerning|user-select|orphans|widows|tab-size|text-underline-.*|text-decoration-.+|sytem-ui|important)|html-(?:lang|dir|role|aria-.*|target|loading|meta-color-scheme|semantics))$/;

/** What is seen, but leaves the mail readable. */
const decorative =
  /^(?:css-(?:border-radius|box-shadow|text-shadow|outline|outline-offset|opacity|transition|animation|filter|linear-gradient|radial-gradient|background-(?:size|position|repeat|origin|clip|blend-mode)|mix-blend-mode|accent-color)|image-.*)$/;

/** The features that a mail uses: what an empty MJML document does is the baseline of others. */
export function featureNames(mail: Mail): ReadonlySet<string> {
  return new Set(featuresOf(mail).map(({ feature }) => feature));
}

/** HTML and CSS that clients do not support, by feature, but for what `baseline` uses too. */
export function checkCompatibility(mail: Mail, baseline: ReadonlySet<string>): Finding[] {
  const found = new Map<string, Use & { severity: Severity; without: readonly Client[] }>();
  for (const use of featuresOf(mail)) {
    if (baseline.has(use.feature)) continue;
    const without = lacking(use.feature, use.within);
    if (without.length === 0) continue;
    const severity = severityOf(use, without);
    const known = found.get(use.feature);
    if (!known || rank[severity] < rank[known.severity]) {
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

const rank = { error: 0, warning: 1, note: 2 } as const;

function severityOf({ feature, gate }: Use, without: readonly Client[]): Severity {
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
