/** What a mail provider lets one account do; from its own help pages, and rounded down. */
export type Provider = {
  readonly name: string;
  /** What these settings are where nothing else is said. */
  readonly limits: { readonly LANES: string; readonly SEND_RATE: string };
  /** About how many recipients a day. */
  readonly perDay: number;
};

/** A way to send that people have, as `.env.example` shows it. */
export type WayToSend = {
  readonly title: string;
  readonly notes: readonly string[];
  readonly url: string;
  /** What it needs beside SMTP_URL. */
  readonly lines: readonly string[];
  /** Null where limits depend on the account, or there are none. */
  readonly provider: Provider | null;
};

/** The ways to send, in the order in which they are shown. */
export const waysToSend: readonly WayToSend[] = [
  {
    title: 'A Postfix on this machine',
    notes: ['It takes mail from this machine without a password.'],
    url: 'smtp://localhost:25',
    lines: ['MAIL_FROM=Daily Papers <papers@example.org>'],
    provider: null,
  },
  {
    title: 'Gmail',
    notes: [
      'SMTP_PASSWORD is an app password (https://myaccount.google.com/apppasswords), not that of',
      'the account. Gmail takes about 500 recipients a day.',
    ],
    url: 'smtp://smtp.gmail.com:587',
    lines: [
      'SMTP_USER=you@gmail.com',
      'SMTP_PASSWORD="abcd efgh ijkl mnop"',
      'MAIL_FROM=Daily Papers <you@gmail.com>',
    ],
    // https://support.google.com/mail/answer/22839
    provider: { name: 'Gmail', limits: { LANES: '2', SEND_RATE: '500/day' }, perDay: 500 },
  },
  {
    title: 'Office 365',
    notes: [
      'Passwords are on their way out there: the command prints an OAuth access token. It takes',
      '3 connections, 30 messages a minute and 10,000 recipients a day.',
    ],
    url: 'smtp://smtp.office365.com:587',
    lines: [
      'SMTP_AUTH=xoauth2',
      'SMTP_USER=papers@example.org',
      'SMTP_PASSWORD_COMMAND=/usr/local/bin/print-access-token',
      'MAIL_FROM=Daily Papers <papers@example.org>',
    ],
    // https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits
    provider: {
      name: 'Office 365',
      limits: { LANES: '3', SEND_RATE: '30/min,10000/day' },
      perDay: 10_000,
    },
  },
  {
    title: 'Amazon SES',
    notes: [
      'SMTP credentials from the SES console (not AWS keys), the endpoint of your region, and',
      'the rate that the console shows for your account.',
    ],
    url: 'smtp://email-smtp.eu-west-1.amazonaws.com:587',
    lines: [
      'SMTP_USER=AKIAEXAMPLE',
      'SMTP_PASSWORD_FILE=/run/secrets/ses-smtp-password',
      'MAIL_FROM=Daily Papers <papers@example.org>',
      'SEND_RATE=14/s',
    ],
    provider: null,
  },
];

/** The provider behind this `SMTP_URL`; null where its limits are not known. */
export function providerOf(smtpUrl: string): Provider | null {
  const host = hostOf(smtpUrl);
  return waysToSend.find(({ url }) => host !== null && hostOf(url) === host)?.provider ?? null;
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : null;
}
