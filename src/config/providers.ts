import type { RateWindow } from './checks.ts';

/** What a mail provider lets one account do; from its own help pages, and rounded down. */
export type Provider = {
  readonly name: string;
  /** Connections at a time. */
  readonly lanes: number;
  readonly sendRate: readonly RateWindow[];
  /** About how many recipients a day. */
  readonly perDay: number;
};

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** By host. A provider that is not here has limits that depend on the account, or none. */
const providers: Readonly<Record<string, Provider>> = {
  // https://support.google.com/mail/answer/22839
  'smtp.gmail.com': {
    name: 'Gmail',
    lanes: 2,
    sendRate: [{ count: 500, perMs: dayMs }],
    perDay: 500,
  },
  // https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits
  'smtp.office365.com': {
    name: 'Office 365',
    lanes: 3,
    sendRate: [
      { count: 30, perMs: minuteMs },
      { count: 10_000, perMs: dayMs },
    ],
    perDay: 10_000,
  },
};

/** The limits of the provider behind this SMTP host; null where none are known. */
export function providerOf(host: string): Provider | null {
  return providers[host.toLowerCase()] ?? null;
}
