import type { SignUpForm, Site } from '../../../src/mail/render/page-views.ts';

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

/** The form as it is first shown. */
export function aForm(values: Partial<SignUpForm> = {}): SignUpForm {
  return { stamp: 'stamp.Of_a-form', address: '', frequency: 'daily', problem: null, ...values };
}
