import type { StyleRule } from './read-mail.ts';
import { lineage, type Mail, type MailElement } from './read-mail.ts';

/** Whether a reader’s mail client shows mails light or dark. */
export type Scheme = 'light' | 'dark';

/** The value of a property on an element, without inheritance; null if no rule or style sets it. */
export type Lookup = (element: MailElement, properties: readonly string[]) => string | null;

/**
 * Applies the mail's own styles: `style`, the rules, and `!important` (CSS Cascade 4 §6.1, without
 * specificity: the last rule counts). Rules for narrow windows are left out.
 */
export function cascade(mail: Mail, scheme: Scheme): Lookup {
  const rules = mail.rules
    .filter(({ within }) => within.every(at => applies(at, scheme)))
    .flatMap(rule => selectorsOf(rule).map(matches => ({ matches, rule })));
  const ofElement = new Map<MailElement, readonly Declared[]>();
  const declared = (element: MailElement) => {
    const known = ofElement.get(element);
    if (known) return known;
    const found = [
      ...rules
        .filter(({ matches }) => matches(element))
        .flatMap(({ rule }) => rule.declarations.map(one => ({ ...one, inline: false }))),
      ...element.style.map(one => ({ ...one, inline: true })),
    ].sort((a, b) => weight(a) - weight(b));
    ofElement.set(element, found);
    return found;
  };
  return (element, properties) =>
    declared(element)
      .filter(({ property }) => properties.includes(property))
      .at(-1)
      ?.value.replace(/\s*!important\s*$/i, '') ?? null;
}

type Declared = { readonly property: string; readonly value: string; readonly inline: boolean };

function weight({ value, inline }: Declared): number {
  return (/!important/i.test(value) ? 2 : 0) + (inline ? 1 : 0);
}

function applies(at: string, scheme: Scheme): boolean {
  const [, asked] = /prefers-color-scheme\s*:\s*(\w+)/.exec(at) ?? [];
  if (asked) return asked === scheme && !/width/.test(at);
  return /^@media/.test(at) && !/max-width|print/.test(at);
}

type Matches = (element: MailElement) => boolean;

function selectorsOf({ selector }: StyleRule): readonly Matches[] {
  return selector.split(',').flatMap(one => {
    // A mail is first seen without any state such as :hover.
    if (one.trim() === '' || /[:[+~]/.test(one.replace(/:root/, 'html'))) return [];
    const steps = one
      .replace(/:root/, 'html')
      .replace(/\s*>\s*/g, ' >')
      .trim()
      .split(/\s+/);
    return [(element: MailElement) => matchesSteps(element, steps)];
  });
}

function matchesSteps(element: MailElement, steps: readonly string[]): boolean {
  const last = steps.at(-1) ?? '';
  if (!matchesStep(element, last.replace(/^>/, ''))) return false;
  const rest = steps.slice(0, -1);
  if (rest.length === 0) return true;
  if (last.startsWith('>')) return element.parent !== null && matchesSteps(element.parent, rest);
  return lineage(element.parent).some(one => matchesSteps(one, rest));
}

function matchesStep({ name, attributes }: MailElement, step: string): boolean {
  const classes = (attributes.class ?? '').split(/\s+/);
  return (step.match(/[.#]?[\w-]+|\*/g) ?? []).every(part => {
    if (part.startsWith('.')) return classes.includes(part.slice(1));
    if (part.startsWith('#')) return attributes.id === part.slice(1);
    return part === '*' || part.toLowerCase() === name;
  });
}
