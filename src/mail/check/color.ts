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

/** The colour in a CSS value, the first where there are several; null where it is none of these. */
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

/** How well one is told from the other, 1 to 21 (WCAG 2.2, "contrast ratio"). */
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
