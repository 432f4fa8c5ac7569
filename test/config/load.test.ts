import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';

describe('loading the settings', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paperround-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads .env and the files it names', () => {
    writeFileSync(
      join(folder, '.env'),
      'SMTP_URL=smtp://x.test\nSMTP_USER=me\nSMTP_PASSWORD_FILE=pw\n',
    );
    writeFileSync(join(folder, 'pw'), 'tr#le\n');
    const config = loadConfig({ PAPERS: '5' }, folder);
    expect(config.papers).toBe(5);
    expect(config.smtp?.auth?.secret).toEqual({ kind: 'text', text: 'tr#le' });
  });

  it('is the demo in an empty folder, in the zone of the system', () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(loadConfig({}, folder)).toMatchObject({ mode: 'demo', timeZone });
  });

  it('knows the proxies that other programs are told of, too', () => {
    const env = { http_proxy: 'http://a.test:1', HTTP_PROXY: 'b', HTTPS_PROXY: 'c.test:2' };
    expect(loadConfig({ ...env, NO_PROXY: '.lan' }, folder).proxy).toEqual({
      http: 'http://a.test:1',
      https: 'c.test:2',
      except: '.lan',
    });
    expect(loadConfig({}, folder).proxy).toEqual({ http: null, https: null, except: '' });
  });

  it('says so when .env cannot be read', () => {
    mkdirSync(join(folder, '.env'));
    expect(() => loadConfig({}, folder)).toThrow(/cannot read \.env/);
  });
});
