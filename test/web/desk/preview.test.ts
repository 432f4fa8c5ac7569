import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { smtpOf, templatesOf } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config/config.ts';
import { openConnection } from '../../../src/delivery/smtp.ts';
import { InputError } from '../../../src/lib/errors.ts';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import type { PreviewSettings, PreviewSource } from '../../../src/web/desk/choices.ts';
import { createPreviewWeb } from '../../../src/web/desk/preview-web.ts';
import { realSettings } from '../../support/app.ts';
import { aDigest, aMasthead, anEdition } from '../../support/builders.ts';
import { atHome, from } from '../../support/desk.ts';
import { testRuntime } from '../../support/runtime.ts';
import { parseMail, startSink } from '../../support/smtp-sink.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { posted } from '../../support/web.ts';
import { awaitCalls } from './calls.ts';

const bundled = fileURLToPath(new URL('../../../templates', import.meta.url));
const base = `http://${atHome.host}`;

/** The preview of three papers, its templates in a folder of its own. */
function aPreview(source: Partial<PreviewSource> = {}, settings: Partial<PreviewSettings> = {}) {
  const templates = join(tempFolder(), 'templates');
  cpSync(templatesOf(loadConfig({}, tempFolder())), templates, { recursive: true });
  const runtime = testRuntime();
  const preview = createPreviewWeb({
    bundled,
    readSettings: () => ({
      runtime,
      templates,
      renderer: createRenderer({ templates }),
      masthead: aMasthead(),
      sender: {
        from: { name: 'Daily Papers', address: 'papers@news.example.org' },
        replyTo: null,
        listName: 'Daily Papers',
        unsubscribeBase: 'https://news.example.org/unsubscribe/',
      },
      dkim: null,
      linkKey: { id: 0, key: runtime.random(32), retired: false },
      papers: 10,
      timeZone: 'UTC',
      connect: () => Promise.reject(new Error('set SMTP_URL')),
      ...settings,
    }),
    source: {
      label: 'sample',
      kind: 'daily',
      days: () => [],
      load: async () => ({ ...aDigest(), problems: [] }),
      files: [],
      folder: null,
      listStored: async () => [],
      getStored: async () => null,
      ...source,
    },
    editOptions: {},
    papers: undefined,
    date: undefined,
  });
  onTestFinished(() => preview.close());
  const get = async (path: string, init: RequestInit = {}) => {
    const headers = { ...atHome, ...init.headers };
    const answer = await preview.web.request(path, { ...init, headers }, from('127.0.0.1'));
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  return { templates, preview, get };
}

describe('the page of the preview', () => {
  it('has the inbox rows, the mail in a sandboxed frame, the size, and what is wrong', async () => {
    const { get } = aPreview();
    const { text, headers } = await get('/');
    expect(text).toMatch(/class="row gmail"[\s\S]*Paper 1[\s\S]*class="row iphone"/);
    expect(text).toMatch(
      /<iframe id="mail" sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" src="\/mail\?/,
    );
    expect(text).toContain('of 102.4 KB');
    expect(text).toContain('Nothing wrong');
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'/);
    expect(text).not.toMatch(/<script(?! src)|<style|\son\w+=|\sstyle=/);
  });

  it('shows the mail in each view, text and source escaped', async () => {
    const { get } = aPreview();
    expect((await get('/mail?view=dark')).text).toContain('(min-width:0px)');
    expect((await get('/mail?view=dark')).headers.get('content-security-policy')).toMatch(
      /^sandbox/,
    );
    expect((await get('/?view=plain')).text).toContain('DAILY PAPERS');
    const source = (await get('/?view=source')).text;
    expect(source).toContain('<dt>List-Unsubscribe</dt>');
    expect(source).toContain('&lt;!doctype html&gt;');
  });

  it('offers the days of a folder and what was published', async () => {
    const { get } = aPreview({
      days: () => ['2025-09-02'],
      listStored: async () => [{ id: 7, edition: anEdition(undefined, { subject: '<b>Seven' }) }],
      getStored: async id => (id === 7 ? anEdition(undefined, { subject: '<b>Seven' }) : null),
    });
    const { text } = await get('/?edition=stored-7');
    expect(text).toContain('<option value="day-2025-09-02">Tuesday, 2 September 2025</option>');
    expect(text).toContain('<option value="stored-7" selected>2025-09-03 daily: &lt;b&gt;Seven');
    expect((await get('/?edition=stored-8')).text).toContain('there is no edition 8');
  });

  it('says what is wrong where there is nothing to see yet', async () => {
    const load = () => Promise.reject(new InputError('https://a.test/: no answer.\nNo network?'));
    const { get } = aPreview({ load });
    expect((await get('/')).text).toMatch(/role="alert"[\s\S]*no answer.\nNo network\?/);
    expect((await get('/mail')).status).toBe(404);
  });
});

it('what could not be loaded once is asked for again with the next look', async () => {
  let asked = 0;
  const load = async () => {
    asked += 1;
    if (asked === 1) throw new InputError('https://a.test/: no answer');
    return { ...aDigest(), problems: [] };
  };
  const { get } = aPreview({ load });
  expect((await get('/')).text).toContain('no answer');
  expect((await get('/')).text).not.toContain('role="alert"');
});

describe('a change', () => {
  it('of a template shows; a fault in it with its place and source, over what was there before', async () => {
    const { get, preview, templates } = aPreview();
    const file = join(templates, 'partials/pick.mjml.hbs');
    const good = readFileSync(file, 'utf8');
    const calls = awaitCalls();
    preview.watch(calls.call);
    const save = async (text: string) => {
      const change = calls.next();
      writeFileSync(file, text);
      await change;
    };
    expect((await get('/mail')).text).toContain('Paper 1');
    await save(`${good}\n<p>{{nonsense}}</p>\n`);
    const { text } = await get('/');
    expect(text).toMatch(
      /pick\.mjml\.hbs:\d+<\/h2>[\s\S]*there is no “nonsense” here[\s\S]*class="here"[\s\S]*\{\{nonsense\}\}/,
    );
    expect((await get('/mail')).text).toContain('Paper 1');
    await save(good.replaceAll('21px', '22px'));
    expect((await get('/')).text).not.toContain('role="alert"');
    expect((await get('/mail')).text).toContain('22px');
  });
});

describe('a test that is asked for', () => {
  const ask = (address: string, headers: Record<string, string> = { origin: base }) => {
    const form = posted({ address });
    return { ...form, headers: { ...form.headers, ...headers } };
  };
  /** A preview that sends to a server, and the server. */
  const withServer = async () => {
    const sink = await startSink();
    const smtp = smtpOf(loadConfig(realSettings(sink.url), tempFolder()));
    return { sink, ...aPreview({}, { connect: () => openConnection(smtp) }) };
  };

  it('is sent to one address', async () => {
    const { get, sink } = await withServer();
    const { text } = await get('/test?kind=daily', ask('me@example.org'));
    expect(text).toContain('A test was sent to me@example.org.');
    expect(sink.recipients()).toEqual(['me@example.org']);
    const [mail] = await Promise.all(sink.mails.map(parseMail));
    expect(mail?.subject).toBe('[Test] Paper 1 · Paper 2');
  });

  it('is not sent for a page elsewhere, to no address, or where settings lack', async () => {
    const { get, sink } = await withServer();
    expect(
      (await get('/test', ask('me@example.org', { origin: 'https://evil.test' }))).status,
    ).toBe(403);
    expect((await get('/test', ask('me@example.org', {}))).status).toBe(403);
    expect((await get('/test', ask('a@b.test, c@d.test'))).text).toContain('Not sent: ');
    expect(sink.recipients()).toEqual([]);
    expect((await aPreview().get('/test', ask('me@example.org'))).text).toContain(
      'Not sent: set SMTP_URL',
    );
  });
});

it('nothing is shown under a name that is not this machine’s', async () => {
  const { get } = aPreview();
  expect((await get('/', { headers: { host: 'rebound.test:3000' } })).status).toBe(403);
});
