import { createPages, type Site } from '../../../src/web/plumbing/pages.ts';

/** An installation that takes sign-ups. */
export function aSite(values: Partial<Site> = {}): Site {
  return {
    name: 'Daily Papers',
    base: 'https://news.example.org',
    promise: 'weekdays about 08:00 CET, ten papers, one click to leave',
    operator: 'Example Lab, 1 Main Street, Springfield',
    mailFrom: 'papers@news.example.org',
    contact: 'editor@example.org',
    signUp: true,
    ...values,
  };
}

/** The pages of such an installation, with the templates that come along. */
export function somePages(values: Partial<Site> = {}) {
  return createPages('templates', aSite(values));
}

/** The form as it is first shown. */
export function aForm(
  values: { stamp?: string; address?: string; weekly?: boolean; problem?: string } = {},
) {
  return { stamp: 'stamp.Of_a-form', address: '', weekly: false, problem: null, ...values };
}
