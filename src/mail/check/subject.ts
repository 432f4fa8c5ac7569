import type { Finding, Severity } from './finding.ts';

/** What a phone shows of a subject, and what most inboxes do (characters). */
const shown = { phone: 40, desktop: 78 } as const;

/** The subject and the line after it, as inboxes show them. */
export function checkSubject(subject: string, preheader: string): Finding[] {
  const findings: Finding[] = [];
  const find = (severity: Severity, what: string, cure: string, place = 'Subject') =>
    findings.push({ severity, rule: 'subject', what, cure, place });
  const { length } = subject;
  if (length === 0) find('error', 'There is no subject.', 'Write one: --subject "…".');
  if (length > shown.desktop) {
    const what = `The subject has ${length} characters; most inboxes cut it at about ${shown.desktop}.`;
    find('warning', what, 'Say the most important thing first, or make it shorter.');
  } else if (length > shown.phone) {
    const start = subject.slice(0, shown.phone).trimEnd();
    const what = `A phone shows about ${shown.phone} of the subject’s ${length} characters: “${start}…”.`;
    find('note', what, 'See that this much makes sense alone.');
  }
  if (/^\s*(?:re|aw|fwd?|wg)\s*:/i.test(subject)) {
    find(
      'warning',
      'The subject looks like an answer or a forward.',
      'Leave “Re:” and “Fwd:” out.',
    );
  }
  if (/[!?]{2,}|!.*!/.test(subject)) {
    find('warning', 'The subject shouts; filters count exclamation marks.', 'Leave them out.');
  }
  if (length > 9 && /\p{Lu}/u.test(subject) && !/\p{Ll}/u.test(subject)) {
    find('warning', 'The subject is all capitals; filters distrust it.', 'Write it as a sentence.');
  }
  if (preheader === '') {
    const what = 'There is no preheader, so inboxes show whatever words come first.';
    find(
      'warning',
      what,
      'Say in <mj-preview> what an inbox shows after the subject.',
      'Preheader',
    );
  } else if (preheader === subject) {
    find('note', 'The preheader repeats the subject.', 'Say something else in it.', 'Preheader');
  }
  return findings;
}
