import { cascade, type Lookup, type Scheme } from './cascade.ts';
import { type Color, contrastOf, hexOf, parseColor } from './color.ts';
import type { Finding } from './finding.ts';
import { type Element, lineage, type Mail } from './read-mail.ts';

/** WCAG 2.2 §1.4.3: text, and text that is large (24 px, or 18.66 px and bold). */
const least = { text: 4.5, large: 3 } as const;

const schemes: readonly Scheme[] = ['light', 'dark'];
const white: Color = [255, 255, 255];
const black: Color = [0, 0, 0];

/** Whether text stands out from what is behind it, in the light and in the mail's own dark. */
export function checkContrast(mail: Mail): Finding[] {
  const found = new Map<string, Finding>();
  for (const scheme of schemes) lookIn(mail, scheme, found);
  return [...found.values()];
}

/** What text in an element looks like. `size` is in pixels. */
type Look = {
  readonly color: Color;
  readonly behind: Color;
  readonly hidden: boolean;
  readonly size: number;
  readonly bold: boolean;
};

const plain: Look = { color: black, behind: white, hidden: false, size: 16, bold: false };

function lookIn(mail: Mail, scheme: Scheme, found: Map<string, Finding>): void {
  const lookOf = looks(cascade(mail, scheme));
  for (const { text, parent, line } of mail.words) {
    const words = text.replace(/\s+/g, ' ').trim();
    if (words === '' || !lineage(parent).some(({ name }) => name === 'body')) continue;
    const { color, behind, hidden, size, bold } = lookOf(parent);
    const ratio = contrastOf(color, behind);
    const needed = size >= 24 || (size >= 18.66 && bold) ? least.large : least.text;
    const pair = `${hexOf(color)} on ${hexOf(behind)}`;
    if (hidden || ratio >= needed || found.has(pair)) continue;
    found.set(pair, {
      severity: 'error',
      rule: 'contrast',
      what: `“${words.slice(0, 40)}” is ${pair}${scheme === 'dark' ? ' in the dark' : ''}: a contrast of ${ratio.toFixed(1)}, and ${needed} is the least.`,
      cure: `Make it ${luminous(behind) ? 'darker' : 'lighter'} (WCAG 2.2, 1.4.3).`,
      place: `edition.html:${line}`,
      written: [hexOf(color), words],
    });
  }
}

/** What each element looks like, found out once: all but its own is its parent's. */
function looks(look: Lookup): (element: Element | null) => Look {
  const known = new Map<Element, Look>();
  const lookOf = (element: Element | null): Look => {
    if (!element) return plain;
    const before = known.get(element);
    if (before) return before;
    const around = lookOf(element.parent);
    const own = (...properties: string[]) => look(element, properties) ?? '';
    const background = own('background-color', 'background');
    const weight = own('font-weight', 'font');
    const [, size] = /(?:^|\s)(\d+(?:\.\d+)?)px/.exec(own('font-size', 'font')) ?? [];
    const made = {
      color: parseColor(own('color')) ?? around.color,
      behind:
        parseColor(background) ?? parseColor(element.attributes.bgcolor ?? '') ?? around.behind,
      hidden: around.hidden || own('display') === 'none',
      size: size ? Number(size) : around.size,
      bold: weight
        ? /\b(?:bold|bolder|[6-9]00)\b/.test(weight)
        : around.bold || /^(?:b|strong|h[1-6]|th)$/.test(element.name),
    };
    known.set(element, made);
    return made;
  };
  return lookOf;
}

function luminous(color: Color): boolean {
  return contrastOf(color, black) > contrastOf(color, white);
}
