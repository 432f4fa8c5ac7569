import { clientSupport } from './client-support.ts';
import type { Declaration, Mail, MailElement } from './read-mail.ts';

/** One use of a feature of HTML or CSS in a mail. */
export type Use = {
  /** As Can I email names it, `css-display-grid`. */
  readonly feature: string;
  /** As one would say it, `display:grid`. */
  readonly name: string;
  /** The features around it, such as `css-at-media`: a client without them never comes to it. */
  readonly within: readonly string[];
  /** Whether it is an at-rule or a selector itself, which is written for clients that know it. */
  readonly gate: boolean;
  readonly line: number;
};

/** All uses in a mail of features that Can I email knows. */
export function featuresOf(mail: Mail): readonly Use[] {
  const inline = mail.elements.flatMap(element => [
    ...ofElement(element).map(use => ({ ...use, within: [], gate: false, line: element.line })),
    ...element.style.flatMap(ofDeclaration).map(use => ({
      ...use,
      within: [],
      gate: false,
      line: element.line,
    })),
  ]);
  const sheets = mail.rules.flatMap(({ selector, declarations, within: around, line }) => {
    const gates = [...around.flatMap(ofAtRule), ...usesIn(selector, inSelectors)];
    const within = gates.map(({ feature }) => feature).filter(isKnown);
    const own = declarations.flatMap(ofDeclaration);
    return [
      ...gates.map(use => ({ ...use, within: [], gate: true, line })),
      ...own.map(use => ({ ...use, within: ['html-style', ...within], gate: false, line })),
    ];
  });
  return [...inline, ...sheets].filter(({ feature }) => isKnown(feature));
}

type Named = Pick<Use, 'feature' | 'name'>;

/** Properties that Can I email counts as part of another one. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^(?:left|right|top|bottom)$/, 'left-right-top-bottom'],
  [/^border-(?:\w+-){2}radius$/, 'border-radius'],
  [/^border-(?:top|right|bottom|left|color|style|width)\b/, 'border'],
  [/^(padding|margin)-(?:top|right|bottom|left)$/, '$1'],
  [/^overflow-[xy]$/, 'overflow'],
  [/^(?:row|column)-gap$/, 'gap'],
  [/^grid-template\b.*/, 'grid-template'],
  [/^grid\b.*/, 'display-grid'],
  [/^flex$|^flex-(?:grow|shrink|basis|flow)$/, 'display-flex'],
  [/^(transition|animation|outline|mask)-.*/, '$1'],
  [/^columns$/, 'column-count'],
];

/** What to look for, how Can I email calls it, and how one would say it; `$1` is what was found. */
type Pattern = readonly [RegExp, string, string];

const inValues: readonly Pattern[] = [
  [/!important/g, 'important', '!important'],
  [/\b(clamp|max|min|light-dark)\(/g, 'function-$1', '$1()'],
  [/\b((?:linear|radial|conic)-gradient)\(/g, '$1', '$1()'],
  [/\bcalc\(/g, 'unit-calc', 'calc()'],
  [/\brgba\(/g, 'rgba', 'rgba()'],
  [/\b(?:oklch|oklab|lch|lab|color|color-mix)\(/g, 'modern-color', 'modern colours'],
  [/\bsystem-ui\b/g, 'sytem-ui', 'system-ui'],
  [
    /(?<![\w#-])\d*\.?\d+(ch|cm|em|ex|in|mm|pc|pt|rem|vh|vmax|vmin|vw)\b/g,
    'unit-$1',
    'the unit $1',
  ],
];

const inSelectors: readonly Pattern[] = [
  [/(?<!:):([\w-]+)/g, 'pseudo-class-$1', ':$1'],
  [/::([\w-]+)/g, 'pseudo-element-$1', '::$1'],
  // The following do not count inside a function such as :not().
  [/\[(?![^(]*\))/g, 'selector-attribute', 'attribute selectors'],
  [/>(?![^(]*\))/g, 'selector-child', 'the selector >'],
  [/\+(?![^(]*\))/g, 'selector-adjacent-sibling', 'the selector +'],
  [/~(?![^(]*\)|[^[]*\])/g, 'selector-general-sibling', 'the selector ~'],
];

function usesIn(text: string, patterns: readonly Pattern[]): Named[] {
  return patterns.flatMap(([pattern, feature, name]) =>
    [...text.matchAll(pattern)].map(([, part = '']) => ({
      feature: `css-${feature.replace('$1', part)}`,
      name: name.replace('$1', part),
    })),
  );
}

function ofDeclaration({ property, value }: Declaration): Named[] {
  const plain = value.replace(/"[^"]*"|'[^']*'|url\([^)]*\)/g, '').toLowerCase();
  const isOwn = property.startsWith('--') || /\bvar\(/.test(plain);
  const own = isOwn ? [{ feature: 'css-variables', name: 'custom properties' }] : [];
  if (property.startsWith('-')) return own;
  return [...own, ...ofProperty(property, plain), ...usesIn(plain, inValues)];
}

function ofProperty(property: string, value: string): Named[] {
  if (property === 'position' && value.startsWith('static')) return [];
  const [, display] =
    property === 'display' ? (/^(?:inline-)?(flex|grid|none)/.exec(value) ?? []) : [];
  return display
    ? [{ feature: `css-display-${display}`, name: `display:${display}` }]
    : [{ feature: `css-${familyOf(property)}`, name: property }];
}

function familyOf(property: string): string {
  if (isKnown(`css-${property}`)) return property;
  const [pattern, family] = families.find(([one]) => one.test(property)) ?? [];
  return pattern && family
    ? property.replace(pattern, family).replace(/^(border).*/, '$1')
    : property;
}

function ofAtRule(rule: string): Named[] {
  const [, name = ''] = /^@(?:-\w+-)?([\w-]+)/.exec(rule) ?? [];
  const conditions = [...rule.matchAll(/\((?:min-|max-)?([\w-]+)\b/g)].map(
    ([, condition]) => condition,
  );
  return [
    { feature: `css-at-${name}`, name: `@${name}` },
    ...conditions.map(condition => ({
      feature: `css-at-${name}-${condition}`,
      name: `@${name} (${condition})`,
    })),
  ];
}

const groups: Readonly<Record<string, string>> = {
  ul: 'lists',
  ol: 'lists',
  dl: 'lists',
  source: 'picture',
  map: 'image-maps',
  button: 'button-submit',
};
const semantic =
  /^(?:article|aside|details|figcaption|figure|footer|header|main|mark|nav|section|summary|time)$/;
const attributeNames =
  /^(?:align|aria-.*|background|cellpadding|cellspacing|dir|height|hidden|lang|loading|required|role|srcset|target|valign|width)$/;

function ofElement({ name, attributes }: MailElement): Named[] {
  const uses: Named[] = [];
  const use = (feature: string, shown: string) => uses.push({ feature, name: shown });
  if (/^h[1-6]$/.test(name)) use('html-h1-h6', `<${name}>`);
  else if (semantic.test(name)) use('html-semantics', `<${name}>`);
  else if (name === 'input') use(`html-input-${attributes.type ?? 'text'}`, '<input>');
  else use(`html-${groups[name] ?? name}`, `<${name}>`);
  for (const attribute of Object.keys(attributes)) {
    if (attributeNames.test(attribute)) use(`html-${attribute}`, attribute);
  }
  const { href = '', src = '' } = attributes;
  if (href.startsWith('#')) use('html-anchor-links', 'links within the mail');
  if (name === 'img' && src.startsWith('data:')) use('image-base64', 'images in the HTML itself');
  const [, kind = ''] = /\.(\w+)(?:[?#]|$)/.exec(src) ?? [];
  if (name === 'img') use(`image-${kind.toLowerCase().replace('jpeg', 'jpg')}`, `.${kind} images`);
  return uses;
}

/** Whether anything is known of this feature, by its name at Can I email: `css-display-grid`. */
function isKnown(feature: string): boolean {
  return feature in clientSupport;
}
