import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { tempFolder } from '../support/temp-folder.ts';

const config = (settings: Record<string, string>) =>
  loadConfig({ MAIL_FROM: 'papers@example.org', ...settings }, tempFolder());

describe('a provider whose limits are known', () => {
  it('sets how many lanes and how fast, where nothing else is said', () => {
    const { lanes, sendRate, provider } = config({ SMTP_URL: 'smtp://smtp.office365.com' });
    expect(lanes).toBe(3);
    expect(sendRate).toContainEqual({ count: 30, perMs: 60_000 });
    expect(provider?.name).toBe('Office 365');
  });

  it('leaves the last word to LANES and SEND_RATE', () => {
    const settings = { SMTP_URL: 'smtp://smtp.gmail.com', LANES: '7', SEND_RATE: '9/min' };
    const { lanes, sendRate } = config(settings);
    expect(lanes).toBe(7);
    expect(sendRate).toEqual([{ count: 9, perMs: 60_000 }]);
  });

  it('is not guessed for any other host', () => {
    expect(config({ SMTP_URL: 'smtp://mail.example.org' })).toMatchObject({
      provider: null,
      lanes: 10,
      sendRate: [],
    });
  });
});
