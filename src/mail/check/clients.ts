import { clientSupport } from './client-support.ts';

/** A mail client. `big`: so many readers use it that a mail has to work there. */
export type Client = {
  readonly family: string;
  readonly platform: string;
  readonly name: string;
  readonly big: boolean;
};

const client = (family: string, platform: string, name: string, big: boolean): Client => ({
  family,
  platform,
  name,
  big,
});

/** In the order of the letters in `clientSupport`; families and platforms as Can I email names them. */
export const clients: readonly Client[] = [
  client('gmail', 'desktop-webmail', 'Gmail', true),
  client('gmail', 'ios', 'Gmail for iOS', true),
  client('gmail', 'android', 'Gmail for Android', true),
  client('apple-mail', 'macos', 'Apple Mail', true),
  client('apple-mail', 'ios', 'iPhone Mail', true),
  client('outlook', 'windows', 'Outlook for Windows', true),
  client('outlook', 'macos', 'Outlook for Mac', false),
  client('outlook', 'outlook-com', 'Outlook.com', true),
  client('outlook', 'ios', 'Outlook for iOS', false),
  client('outlook', 'android', 'Outlook for Android', false),
  client('yahoo', 'desktop-webmail', 'Yahoo', true),
  client('yahoo', 'ios', 'Yahoo for iOS', false),
  client('yahoo', 'android', 'Yahoo for Android', false),
  client('samsung-email', 'android', 'Samsung Email', false),
  client('thunderbird', 'macos', 'Thunderbird', false),
];

/** Whether anything is known of this feature, by its name at Can I email: `css-display-grid`. */
export function isKnown(feature: string): boolean {
  return feature in clientSupport;
}

/** The clients that do not support a feature, of those that support all that it stands in. */
export function lacking(feature: string, within: readonly string[] = []): readonly Client[] {
  const letters = clientSupport[feature] ?? '';
  return clients.filter((_, at) => {
    const reached = within.every(gate => clientSupport[gate]?.[at] !== 'n');
    return reached && letters[at] === 'n';
  });
}

/** The names of clients, for a sentence: `Gmail, Outlook for Windows`; a family's once for all of it. */
export function namesOf(some: readonly Client[]): string {
  const whole = (family: string) =>
    clients.every(one => one.family !== family || some.includes(one));
  const names = some.map(({ family, name }) => (whole(family) ? families[family] : null) ?? name);
  return [...new Set(names)].join(', ');
}

const families: Readonly<Record<string, string>> = {
  gmail: 'Gmail',
  'apple-mail': 'Apple Mail',
  outlook: 'Outlook',
  yahoo: 'Yahoo',
};
