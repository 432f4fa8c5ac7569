import { cascade, type Lookup, type Scheme } from './cascade.ts';
import type { Finding } from './finding.ts';
import { lineage, type Mail, type MailElement } from './read-mail.ts';

/** WCAG 2.2 §1.4.3: text, and text that is large (24 px, or 18.66 px and bold). */
const least = { text: 4.5, large: 3 } as const;

const schemes: readonly Scheme[] = ['light', 'dark'];
const white: Color = [255, 255, 255];
const black: Color = [0, 0, 0];

/** Finds text that is too close to its background, in the light and in the mail's own dark. */
export function checkContrast(mail: Mail): Finding[] {
  const found = new Map<string, Finding>();
  for (const scheme of schemes) lookIn(mail, scheme, found);
  return [...found.values()];
}

/** What text in an element looks like. `size` is in pixels. */
type TextLook = {
  readonly color: Color;
  readonly behind: Color;
  readonly hidden: boolean;
  readonly size: number;
  readonly bold: boolean;
};

const plain: TextLook = { color: black, behind: white, hidden: false, size: 16, bold: false };

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

/** Computes each element's look once: what it does not set itself is its parent's. */
function looks(look: Lookup): (element: MailElement | null) => TextLook {
  const known = new Map<MailElement, TextLook>();
  const lookOf = (element: MailElement | null): TextLook => {
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

/** Red, green and blue, 0 to 255. */
export type Color = readonly [number, number, number];

const names: Readonly<Record<string, string>> = {
  black: '#000000',
  white: '#ffffff',
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  gray: '#808080',
  grey: '#808080',
  silver: '#c0c0c0',
  lightgray: '#d3d3d3',
  lightgrey: '#d3d3d3',
  darkgray: '#a9a9a9',
  darkgrey: '#a9a9a9',
  yellow: '#ffff00',
  orange: '#ffa500',
  navy: '#000080',
  teal: '#008080',
  maroon: '#800000',
  purple: '#800080',
};

/** The first colour in a CSS value; null if there is none that is known here. */
export function parseColor(value: string): Color | null {
  const text = value.toLowerCase();
  const [, hex] = /#([\da-f]{6}|[\da-f]{3})\b/.exec(text) ?? [];
  if (hex) return fromHex(hex);
  const [, ...channels] = /\brgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(text) ?? [];
  if (channels.length === 3) return channels.map(Number) as unknown as Color;
  const name = text.match(/[a-z]+/g)?.find(word => word in names);
  return name ? fromHex(names[name]?.slice(1) ?? '') : null;
}

function fromHex(hex: string): Color {
  const long = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  return [0, 2, 4].map(at => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Color;
}

/** `#rrggbb`. */
export function hexOf(color: Color): string {
  return `#${color.map(channel => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrastOf(one: Color, other: Color): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map(value => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
