import type { Finding, Severity } from './finding.ts';
import { type Mail, type MailElement, textOf } from './read-mail.ts';

const mostChars = 2_048;
const shorteners = /^(?:bit\.ly|t\.co|goo\.gl|tinyurl\.com|ow\.ly|is\.gd|buff\.ly)$/;
const thisMachine =
  /^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[|.*\.(?:local|internal|localhost)$)/;

type Fault = { readonly severity: Severity; readonly what: string; readonly cure: string };

/**
 * Checks the scheme, host and words of all links. `home` is the address of this installation, which
 * is on this machine in the demo.
 */
export function checkLinks(mail: Mail, home: string | null): Finding[] {
  const links = mail.elements.filter(({ name }) => name === 'a' || name === 'area');
  const findings = links.flatMap(link => {
    const href = link.attributes.href?.trim();
    // An anchor to link to, not a link.
    if (href === undefined && (link.attributes.name || link.attributes.id)) return [];
    const text = textOf(mail, link);
    const faults = [faultOfAddress(href ?? '', home), faultOfWords(href ?? '', text, link)];
    return faults.flatMap(fault => (fault ? [finding(link, href ?? '', fault)] : []));
  });
  return [...findings, ...duplicates(links, mail)];
}

function faultOfAddress(href: string, home: string | null): Fault | null {
  const flat = href.replace(/\s+/g, ' ');
  const shown = `“${flat.length > 80 ? `${flat.slice(0, 80)}…` : flat}”`;
  if (href === '') return error('A link leads nowhere: it has no address', 'Give it an href');
  if (href.startsWith('#')) return null;
  const [, scheme] = /^\s*([a-z][a-z\d+.-]*):/i.exec(href.replace(/[\t\n\r]/g, '')) ?? [];
  if (!scheme) {
    return error(
      `${shown} is no whole address; in a mail it leads nowhere`,
      'Begin it with https://',
    );
  }
  if (/^(?:mailto|tel)$/i.test(scheme)) return null;
  if (!/^https?$/i.test(scheme)) {
    return error(
      `${shown} is a ${scheme.toLowerCase()}: link; mail clients remove it, and filters take the mail for an attack`,
      'Link to an https:// address',
    );
  }
  if (!URL.canParse(href)) return error(`${shown} cannot be read as an address`, 'Mend it');
  if (href.length > mostChars) {
    return error(`${shown} is ${href.length} characters long`, `Keep it under ${mostChars}`);
  }
  return faultOfHost(new URL(href), shown, home);
}

function faultOfHost(url: URL, shown: string, home: string | null): Fault | null {
  if (home && url.origin === new URL(home).origin) {
    if (!thisMachine.test(url.hostname)) return null;
    const what = 'The links to this installation lead to this machine';
    return { severity: 'note', what, cure: 'Set PUBLIC_URL before you send it to anybody' };
  }
  if (thisMachine.test(url.hostname) || !url.hostname.includes('.')) {
    return error(`${shown} leads to a machine that readers cannot reach`, 'Link to a public host');
  }
  if (url.username) {
    return warning(`${shown} has a name before an @, as phishing has`, 'Leave it out');
  }
  if (shorteners.test(url.hostname)) {
    return warning(`${shown} hides where it leads; filters distrust it`, 'Link to the page itself');
  }
  if (url.protocol === 'http:') {
    return { severity: 'note', what: `${shown} is not encrypted`, cure: 'Use https:// if it can' };
  }
  return null;
}

function faultOfWords(href: string, text: string, { attributes }: MailElement): Fault | null {
  if (text === '' && !attributes['aria-label']) {
    return error(
      'A link has no words: whoever listens to the mail cannot follow it',
      'Say where it leads',
    );
  }
  const [, named] = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:\/\S*)?$/i.exec(text) ?? [];
  const host = URL.canParse(href) ? new URL(href).hostname : null;
  if (named && /^https?:/i.test(text) && host && named.toLowerCase() !== host) {
    return error(
      `A link says ${named} and leads to ${host}, as phishing does`,
      'Let it lead where it says',
    );
  }
  return /^(?:click here|here|read more|more|link)$/i.test(text)
    ? warning(`“${text}” does not say where the link leads`, 'Name what is behind it')
    : null;
}

function duplicates(links: readonly MailElement[], mail: Mail): Finding[] {
  const places = new Map<string, MailElement[]>();
  for (const link of links) {
    const href = link.attributes.href ?? '';
    if (/^https?:/.test(href)) places.set(href, [...(places.get(href) ?? []), link]);
  }
  return [...places].flatMap(([href, [first, ...others]]) => {
    if (!first || others.length === 0) return [];
    const texts = new Set([first, ...others].map(link => textOf(mail, link)));
    const what = `“${href.slice(0, 80)}” is linked to ${others.length + 1} times${texts.size > 1 ? ', by different words' : ''}`;
    return [
      finding(first, href, { severity: 'note', what, cure: 'Keep one if that was not meant' }),
    ];
  });
}

function finding(link: MailElement, href: string, { severity, what, cure }: Fault): Finding {
  const written = href ? [`href="${href}"`, href.replaceAll('&', '&amp;'), href] : [];
  return {
    severity,
    rule: 'links',
    what: `${what}.`,
    cure: `${cure}.`,
    place: `edition.html:${link.line}`,
    written,
  };
}

const error = (what: string, cure: string): Fault => ({ severity: 'error', what, cure });
const warning = (what: string, cure: string): Fault => ({ severity: 'warning', what, cure });
