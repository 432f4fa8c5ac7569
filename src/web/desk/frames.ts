/** The ways in which a mail is shown. `plain` and `source` are no pages of their own. */
export const views = [
  'desktop',
  'phone',
  'dark',
  'inverted',
  'no-images',
  'plain',
  'source',
] as const;
export type View = (typeof views)[number];

/** The view that a query names; the desktop's where it names none. */
export function readView(text: string | undefined): View {
  return views.find(view => view === text) ?? 'desktop';
}

/**
 * What a frame lets a mail do: never scripts or forms. `strict`, at the desk, gives it no origin,
 * either. `measured` lets the page around it measure its height, of which nothing in it can make use.
 */
export const sandboxes = {
  strict: 'allow-popups allow-popups-to-escape-sandbox',
  measured: 'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
} as const;
export type Sandbox = keyof typeof sandboxes;

/** The policy for a mail in its frame, an untrusted page. */
export function framePolicy(view: View, sandbox: Sandbox): string {
  const images = view === 'no-images' ? "'none'" : 'https: http: data:';
  return `sandbox ${sandboxes[sandbox]}; default-src 'none'; style-src 'unsafe-inline'; img-src ${images}; font-src https: data:; frame-ancestors 'self'`;
}

/** Media conditions that always hold, and never, in any window. */
const always = '(min-width:0px)';
const never = '(max-width:0px)';

/**
 * The mail as a client with these habits shows it, whatever the editor's own screen is set to: its
 * dark styles hold in the dark view and nowhere else. Its links open outside of the frame. `#here`
 * is the link to the address `to`, where there is one.
 */
export function frameHtml(html: string, view: View, to = ''): string {
  const scheme = view === 'dark' ? 'dark' : 'light';
  const [dark, light] = scheme === 'dark' ? [always, never] : [never, always];
  const styled = html
    .replace(/<style\b[\s\S]*?<\/style>/g, sheet =>
      sheet
        .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g, dark)
        .replace(/\(\s*prefers-color-scheme\s*:\s*light\s*\)/g, light)
        .replace(/(color-scheme\s*:)[^;}]*/g, `$1${scheme}`),
    )
    .replace(/(<meta name="(?:supported-)?color-schemes?" content=")[^"]*/g, `$1${scheme}`);
  const extra = view === 'inverted' ? inverted : '';
  const page = styled.replace(/<head[^>]*>/i, `$&<base target="_blank">${extra}`);
  const href = `<a href="${to.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"`;
  const at = to === '' ? -1 : page.indexOf(href);
  return at === -1 ? page : `${page.slice(0, at)}<span id="here"></span>${page.slice(at)}`;
}

/** What clients do that make their own dark of any mail: turn light into dark, and keep the hues. */
const inverted =
  '<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}img{filter:invert(1) hue-rotate(180deg)}</style>';
