/** `error`: readers would lose something, so it must not go out; `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** What a check found: what is wrong, where, and what to do. */
export type Finding = {
  readonly severity: Severity;
  /** What was looked at: one word, such as `links`. */
  readonly rule: string;
  /** A sentence. */
  readonly what: string;
  /** A sentence that says what to do. */
  readonly cure: string;
  /** `templates/partials/pick.mjml.hbs:7`, or a part of the mail: `edition.html:12`, `Subject`. */
  readonly place: string;
  /** Texts to look for in the templates, best first: what an author may have typed. */
  readonly written?: readonly string[];
};

/** The worst has the smallest number. */
export const badness = { error: 0, warning: 1, note: 2 } as const satisfies Record<
  Severity,
  number
>;

/** The worst first, otherwise in the order found. The same finding at the same place stands once. */
export function sorted(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const one of findings) {
    const key = one.severity === 'note' ? one.what : `${one.place}\n${one.what}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()].sort((a, b) => badness[a.severity] - badness[b.severity]);
}

/** How many there are of each severity. */
export function tally(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity) => findings.filter(one => one.severity === severity).length;
  return { error: count('error'), warning: count('warning'), note: count('note') };
}

/** A file of the templates: its path as messages name it, and its text. */
export type TemplateFile = { readonly path: string; readonly text: string };

/**
 * Gives findings the place in a template where their cause was typed. A finding whose text is in no
 * template keeps its place in the mail.
 */
export function locate(
  findings: readonly Finding[],
  templates: readonly TemplateFile[],
): Finding[] {
  return findings.map(finding => {
    for (const written of finding.written ?? []) {
      const place = written.length < 2 ? null : find(written, templates);
      if (place) return { ...finding, place };
    }
    return finding;
  });
}

function find(written: string, templates: readonly TemplateFile[]): string | null {
  // An author may type either kind of quotes.
  const pattern = written.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/["']/g, '["\']');
  const boundary = /^\w/.test(written) ? '(?<![\\w-])' : '';
  const expression = new RegExp(`${boundary}${pattern}`, 'i');
  for (const { path, text } of templates) {
    const at = text.search(expression);
    if (at >= 0) return `${path}:${text.slice(0, at).split('\n').length}`;
  }
  return null;
}
