import type { Finding, Severity } from './finding.ts';

/** A header as it was sent, unfolded. */
export type Header = { readonly name: string; readonly value: string };

/** The headers of a message in wire form. */
export function readHeaders(source: string): readonly Header[] {
  const [head = ''] = source.split('\r\n\r\n', 1);
  return head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map(line => {
      const [, name = line, value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
      return { name, value };
    });
}

/** Free mail providers: their DMARC policy forbids others to send in their name. */
const freeMail =
  /@(?:gmail|googlemail|yahoo|ymail|aol|outlook|hotmail|live|icloud|gmx)\.[a-z.]+>?$/i;

const once = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'];

/**
 * Checks a message's headers against RFC 5322 (form), 2919 (List-Id), 2369 and 8058 (unsubscribing),
 * and the rules of Gmail and Yahoo for bulk senders. `source` is the wire form.
 */
export function checkHeaders(source: string): Finding[] {
  const headers = readHeaders(source);
  const values = (name: string) =>
    headers.filter(one => one.name.toLowerCase() === name.toLowerCase()).map(({ value }) => value);
  const findings: Finding[] = [];
  const find = (severity: Severity, place: string, what: string, cure: string) =>
    findings.push({ severity, rule: 'headers', what, cure, place });

  for (const name of once) {
    const count = values(name).length;
    if (count === 1) continue;
    const what = `${name} is there ${count === 0 ? 'not at all' : `${count} times`}.`;
    find('error', name, what, 'A message has exactly one (RFC 5322 §3.6).');
  }
  const [head = ''] = source.split('\r\n\r\n', 1);
  for (const [at, line] of source.split('\r\n').entries()) {
    if (line.length <= 998) continue;
    const what = `Line ${at + 1} has ${line.length} characters; 998 is the most (RFC 5322 §2.1.1).`;
    find('error', `edition.eml:${at + 1}`, what, 'Break it.');
  }
  if (/[^\t\r\n -~]/.test(head)) {
    const what = 'A header has letters beyond ASCII or control characters.';
    find('error', 'headers', what, 'They are encoded (RFC 2047), or left out.');
  }
  const [from = ''] = values('From');
  if (from && !/^[^,]*<[^<>@\s]+@[^<>@\s]+>$/.test(from)) {
    find('error', 'From', 'From is not one mailbox.', 'Set MAIL_FROM to Name <address>.');
  }
  if (freeMail.test(from)) {
    const what =
      'From is at a provider of free mail: other servers may not send in its name (DMARC).';
    find(
      'warning',
      'From',
      what,
      'Send through that provider’s own server, or from a domain of yours.',
    );
  }
  const [date = ''] = values('Date');
  if (date && Number.isNaN(Date.parse(date))) {
    find('error', 'Date', `“${date}” is no date.`, 'It is written as in RFC 5322 §3.3.');
  }
  const [id = ''] = values('Message-ID');
  if (id && !/^<[^<>@\s]+@[^<>@\s]+>$/.test(id)) {
    find(
      'error',
      'Message-ID',
      `“${id}” is no message id.`,
      'It is <left@right> (RFC 5322 §3.6.4).',
    );
  }
  const [listId] = values('List-Id');
  if (listId === undefined || !/<[\w-]+(?:\.[\w-]+)+>$/.test(listId)) {
    const what = listId === undefined ? 'There is no List-Id.' : `“${listId}” is no List-Id.`;
    find(
      'warning',
      'List-Id',
      what,
      'It is Name <list.example.org> (RFC 2919 §3), for readers’ filters.',
    );
  }
  checkLeaving(values, find);
  if (!headers.some(({ name }) => /^dkim-signature$/i.test(name))) {
    const what = 'The message is not signed here; Gmail and Yahoo refuse much mail without DKIM.';
    find('note', 'DKIM-Signature', what, 'If your provider does not sign it: `paperround dkim`.');
  }
  return findings;
}

function checkLeaving(
  values: (name: string) => readonly string[],
  find: (severity: Severity, place: string, what: string, cure: string) => void,
): void {
  const place = 'List-Unsubscribe';
  const [leave] = values(place);
  if (leave === undefined) {
    find(
      'error',
      place,
      'There is no List-Unsubscribe.',
      'Bulk mail must have it (RFC 2369 §3.2).',
    );
    return;
  }
  const links = [...leave.matchAll(/<([^<>]*)>/g)].map(([, link = '']) => link);
  const rest = leave.replace(/<[^<>]*>/g, '').replace(/[\s,]/g, '');
  if (links.length === 0 || rest !== '' || links.some(link => !/^(?:https?|mailto):/.test(link))) {
    const what = `“${leave.slice(0, 80)}” is no list of addresses in angle brackets.`;
    find('error', place, what, 'Write <https://…>, <mailto:…> (RFC 2369 §2).');
    return;
  }
  const https = links.some(link => link.startsWith('https:'));
  const [post] = values('List-Unsubscribe-Post');
  if (!https) {
    const what =
      'Readers cannot leave with one click, which Gmail and Yahoo ask of who sends 5,000 mails a day.';
    find('note', place, what, 'Set PUBLIC_URL to the https address of this server.');
  } else if (post !== 'List-Unsubscribe=One-Click') {
    const what = 'List-Unsubscribe-Post does not say List-Unsubscribe=One-Click.';
    find('error', 'List-Unsubscribe-Post', what, 'It is that and nothing else (RFC 8058 §3.1).');
  }
  if (!https && post !== undefined) {
    find('error', 'List-Unsubscribe-Post', 'It needs an https address.', 'See RFC 8058 §3.1.');
  }
}
