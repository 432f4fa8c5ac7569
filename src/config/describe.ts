import type { Config } from './decide.ts';
import { waysToSend } from './providers.ts';
import type { Origin } from './read.ts';
import { exampleLine, type SettingName, settingNames, settingOf } from './table.ts';

/** One setting as it is understood; `value` is masked where secret, null where not set. */
export type SettingRow = {
  readonly name: SettingName;
  readonly value: string | null;
  readonly from: Origin | 'default' | null;
};

/** Every setting with its value, safe to show, and where it came from. */
export function describeConfig({ given, timeZone }: Config): readonly SettingRow[] {
  return settingNames.map(name => {
    const text = given.get(name)?.text;
    if (text !== undefined) {
      return { name, value: mask(name, text), from: given.get(name)?.from ?? null };
    }
    const value = name === 'TIMEZONE' ? timeZone : (settingOf(name).default ?? null);
    return { name, value, from: value === null ? null : 'default' };
  });
}

function mask(name: SettingName, text: string): string {
  if (!settingOf(name).secret) return text;
  // Of an address only the password is secret; anything else is hidden as a whole.
  return name === 'SMTP_URL' ? text.replace(/(:\/\/[^:@]*:).*@/, '$1***@') : '***';
}

const defaultOf = (name: SettingName) => settingOf(name).default ?? settingOf(name).otherwise;

/** The settings for `--help`, a line each. */
export function settingsHelp(): string {
  const width = Math.max(...settingNames.map(name => name.length)) + 2;
  const lines = settingNames.map(name => {
    const fallback = defaultOf(name);
    const note = fallback === undefined ? '' : ` (${fallback})`;
    return `  ${name.padEnd(width)}${settingOf(name).meaning}${note}`;
  });
  return [
    'Settings come from the environment or from a file .env in the working directory:',
    ...lines,
    `Secrets can also be in a file: ${secretNames().join(', ')}.`,
  ].join('\n');
}

const secretNames = () =>
  settingNames.filter(name => settingOf(name).secret).map(name => `${name}_FILE`);

/** The settings as a Markdown table, for the README. */
export function settingsTable(): string {
  const rows = settingNames.map(name => {
    const fallback = settingOf(name).default;
    const shown = fallback === undefined ? (settingOf(name).otherwise ?? '') : `\`${fallback}\``;
    const meaning = settingOf(name).meaning.replace(/[<>|]/g, '\\$&');
    return `| \`${name}\` | ${meaning} | ${shown} |`;
  });
  return ['| setting | meaning | default |', '|---|---|---|', ...rows, ''].join('\n');
}

/** The text of `.env.example`: every setting commented out, then the ways to send. */
export function envExample(): string {
  const all = settingNames.flatMap(name => {
    const fallback = defaultOf(name);
    const meaning = settingOf(name).meaning;
    const note = fallback === undefined ? '' : ` Default: ${fallback}.`;
    return [
      '',
      `# ${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.${note}`,
      `#${exampleLine(name)}`,
    ];
  });
  const blocks = waysToSend.flatMap(({ title, notes, url, lines, provider }) => [
    '',
    `# --- ${title} ---`,
    ...notes.map(note => `# ${note}`),
    `#SMTP_URL=${url}`,
    ...lines.map(line => `#${line}`),
    ...Object.entries(provider?.limits ?? {}).map(([name, text]) => `#${name}=${text}`),
  ]);
  return [
    '# Copy this file to .env and take the # off the lines you need. The environment goes first.',
    '# With no SMTP_URL, DATABASE_URL, PUBLIC_URL, MAIL_FROM and HOST, Paperround runs its demo.',
    '# To send for real, SMTP_URL, MAIL_FROM and POSTAL_ADDRESS are needed; start needs DIGEST too.',
    `# Secrets can be in files of their own: ${secretNames().join(', ')}.`,
    '',
    '# === Ways to send: take one ===',
    ...blocks,
    '',
    '# === All settings ===',
    ...all,
    '',
  ].join('\n');
}
