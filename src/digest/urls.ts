const modernId = String.raw`\d{4}\.\d{4,5}`;
const oldId = String.raw`[a-z][a-z-]*(?:\.[a-z]{2})?\/\d{7}`;
const idAlone = new RegExp(`^(?:arxiv:\\s*)?(${modernId}|${oldId})(?:v\\d+)?$`, 'i');
const idAtEnd = new RegExp(`^(${modernId}|${oldId})(?:v\\d+)?(?:\\.pdf)?/?$`, 'i');

const paperPages: readonly { readonly host: RegExp; readonly path: RegExp }[] = [
  { host: /^(?:www\.|export\.)?arxiv\.org$/, path: /^\/(?:abs|pdf|html|format)\/(.+)$/ },
  { host: /^(?:www\.)?(?:huggingface\.co|hf\.co)$/, path: /^\/papers\/(.+)$/ },
  { host: /^(?:www\.)?alphaxiv\.org$/, path: /^\/(?:abs|pdf|overview)\/(.+)$/ },
];

/** `text` as an absolute http(s) URL without credentials, or null for anything else. */
export function webUrl(text: string, base?: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '' || !URL.canParse(trimmed, base)) return null;
  const url = new URL(trimmed, base);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  // A URL may hold quotes in the name of its host (WHATWG URL §3.2); no host has such a name.
  if (!/^[\w.:[\]-]+$/.test(url.hostname)) return null;
  return url.username || url.password ? null : url.href;
}

/** The arXiv id in `2309.00071v2`, `arXiv:hep-th/9901001` and the like, without version, or null. */
export function arxivId(text: string): string | null {
  return idAlone.exec(text.trim())?.[1]?.toLowerCase() ?? null;
}

/** The arXiv id that the page at `url` is about: its abstract, its PDF, its page of Daily Papers. */
export function arxivIdOfUrl(url: string): string | null {
  const { hostname, pathname } = new URL(url);
  for (const { host, path } of paperPages) {
    const rest = host.test(hostname) ? path.exec(pathname)?.[1] : undefined;
    const id = rest && idAtEnd.exec(rest)?.[1];
    if (id) return id.toLowerCase();
  }
  return null;
}

/** Whether `url` is the page of a paper with an arXiv id. */
export function isPaperPage(url: string): boolean {
  return arxivIdOfUrl(url) !== null;
}

/** A search for a title, for a paper that came without a link. */
export function titleSearchUrl(title: string): string {
  return `https://huggingface.co/papers?q=${encodeURIComponent(title)}`;
}

const hostsOfCode = /^(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)$/;

/** Whether `url` is a repository (`https://github.com/owner/name`). */
export function isCodeUrl(url: string): boolean {
  const { hostname, pathname } = new URL(url);
  return hostsOfCode.test(hostname) && /^\/[\w.-]+\/[\w.-]+/.test(pathname);
}

/** The first repository that `text` names by its URL, or null. */
export function codeUrlIn(text: string): string | null {
  for (const [found] of text.matchAll(/https?:\/\/[^\s{}<>()[\]"'`,;\\]{4,300}/g)) {
    const url = webUrl(found.replace(/[.:!?]+$/, ''));
    if (url && isCodeUrl(url)) return url;
  }
  return null;
}
