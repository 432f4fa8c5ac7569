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

function lookIn(mail: Mail, scheme: Scheme, found: Map<string, Finding>): void {
  const look = cascade(mail, scheme);
  for (const { text, parent, line } of mail.words) {
    const words = text.replace(/\s+/g, ' ').trim();
    if (words === '' || !parent || isHidden(parent, look)) continue;
    if (!lineage(parent).some(({ name }) => name === 'body')) continue;
    const color = inherited(parent, look, ['color']) ?? black;
    const behind = background(parent, look) ?? white;
    const ratio = contrastOf(color, behind);
    const needed = isLarge(parent, look) ? least.large : least.text;
    const pair = `${hexOf(color)} on ${hexOf(behind)}`;
    if (ratio >= needed || found.has(pair)) continue;
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

function luminous(color: Color): boolean {
  return contrastOf(color, black) > contrastOf(color, white);
}

function inherited(element: Element, look: Lookup, properties: readonly string[]): Color | null {
  for (const one of lineage(element)) {
    const color = parseColor(look(one, properties) ?? '');
    if (color) return color;
  }
  return null;
}

function background(element: Element, look: Lookup): Color | null {
  for (const one of lineage(element)) {
    const color =
      parseColor(look(one, ['background-color', 'background']) ?? '') ??
      parseColor(one.attributes.bgcolor ?? '');
    if (color) return color;
  }
  return null;
}

function isHidden(element: Element, look: Lookup): boolean {
  return lineage(element).some(
    one => look(one, ['display']) === 'none' || /^(?:title|noscript)$/.test(one.name),
  );
}

function isLarge(element: Element, look: Lookup): boolean {
  const size = sizeOf(element, look);
  return size >= 24 || (size >= 18.66 && isBold(element, look));
}

function sizeOf(element: Element, look: Lookup): number {
  for (const one of lineage(element)) {
    const [, pixels] =
      /(?:^|\s)(\d+(?:\.\d+)?)px/.exec(look(one, ['font-size', 'font']) ?? '') ?? [];
    if (pixels) return Number(pixels);
  }
  return 16;
}

function isBold(element: Element, look: Lookup): boolean {
  for (const one of lineage(element)) {
    const value = look(one, ['font-weight', 'font']);
    if (value) return /\b(?:bold|bolder|[6-9]00)\b/.test(value);
    if (/^(?:b|strong|h[1-6]|th)$/.test(one.name)) return true;
  }
  return false;
}
