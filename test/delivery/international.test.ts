import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import type { Prepared } from '../../src/delivery/prepare.ts';
import { sendTest } from '../../src/delivery/preview.ts';
import { publish } from '../../src/delivery/publish.ts';
import { openConnection } from '../../src/delivery/smtp.ts';
import type { Rendered } from '../../src/mail/render/rendered.ts';
import { makeSlots } from '../../src/mail/render/rendered.ts';
import { missingDeliveries } from '../../src/store/reports.ts';
import { rememberSmtputf8, smtputf8Offered } from '../../src/store/settings.ts';
import { addReaders, aRequest, deliver, startApp, statesOf, type TestApp } from '../support/app.ts';
import { anEdition } from '../support/builders.ts';
import { testKey, verifyDkim } from '../support/dkim.ts';
import { at, startScripted } from '../support/scripted-smtp.ts';
import { parseMail, startSink } from '../support/smtp-sink.ts';

const slots = makeSlots('an edition', false);
const rendered: Rendered = {
  subject: 'Attention Is All You Need',
  preheader: '',
  html: `<title>Papers</title><a href="https://news.example.org/${slots.unsubscribe}">x</a>`,
  text: `Papers: https://news.example.org/${slots.unsubscribe}`,
  slots,
  picks: 3,
  trimmed: [],
};

const readers = ['ada@example.org', 'jürgen@example.org', '伊昭傑@example.org', 'emmy@example.org'];

/** An edition as the renderer might have left it: rendering takes longer than all else here. */
const prepared: Prepared = {
  request: aRequest(),
  candidates: [],
  edition: anEdition(),
  rendered,
  key: '',
  existing: null,
};

/** Publishes an edition to `readers`, who joined when the server offered SMTPUTF8. */
async function published(url: string, settings = {}) {
  const app = await startApp({ SMTP_URL: url, LANES: '1', ...settings });
  await rememberSmtputf8(app.db, true);
  await addReaders(app, readers);
  return { app, edition: await publish(app.publishing, prepared, 'readers') };
}

const missing = async ({ db }: TestApp, edition: number) =>
  (await missingDeliveries(db, edition, 9)).map(({ address, reply }) => `${address}: ${reply}`);

describe('readers whose addresses are beyond ASCII', () => {
  it('get the edition, signed, where the server offers SMTPUTF8', async () => {
    const sink = await startSink();
    const { app, edition } = await published(sink.url, {
      DKIM_DOMAIN: 'news.example.org',
      DKIM_SELECTOR: 'papers',
      DKIM_KEY: testKey.replaceAll('\n', '\\n'),
    });
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.recipients()).toEqual([...readers].sort());
    for (const mail of sink.mails) {
      expect(await verifyDkim(mail.raw)).toBe('pass');
      expect((await parseMail(mail)).to).toMatchObject({ value: [{ address: mail.to[0] }] });
    }
  });

  it('fail where it does not, with the reason, and the others get theirs', async () => {
    const sink = await startSink({ smtputf8: false });
    const { app, edition } = await published(sink.url);
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.recipients()).toEqual(['ada@example.org', 'emmy@example.org']);
    expect(await statesOf(app, edition)).toEqual({ sent: 2, failed: 2 });
    const reason = 'the server does not offer SMTPUTF8, which this address needs';
    expect(await missing(app, edition)).toEqual([
      `jürgen@example.org: ${reason}`,
      `伊昭傑@example.org: ${reason}`,
    ]);
    expect(await app.list.find('jürgen@example.org')).toMatchObject({ status: 'active' });
    expect(await smtputf8Offered(app.db)).toBe(false);
  });

  it('fail where it offers what it then refuses, and pause nothing', async () => {
    const reply = '555 5.5.4 Unsupported option: SMTPUTF8';
    const refuses = at('MAIL', reply, ({ line }) => line.includes('SMTPUTF8'));
    const server = await startScripted(refuses, { extensions: ['SMTPUTF8', 'PIPELINING'] });
    const { app, edition } = await published(`smtp://127.0.0.1:${server.port}`);
    expect(await deliver(app, edition)).toBeNull();
    expect(await statesOf(app, edition)).toEqual({ sent: 2, failed: 2 });
    expect(server.mails.filter(({ accepted }) => accepted)).toHaveLength(2);
  });

  it('are told why they got no test', async () => {
    const sink = await startSink({ smtputf8: false });
    const app = await startApp({ SMTP_URL: sink.url });
    const connect = () => openConnection(smtpOf(app.config));
    expect(await sendTest(app.publishing, prepared, 'jürgen@example.org', connect)).toBe(
      'the server does not offer SMTPUTF8, which this address needs',
    );
    expect(sink.mails).toEqual([]);
  });
});

describe('what the server offers', () => {
  it('is remembered by a worker that connects', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    const worker = await app.startWorker(smtpOf(app.config));
    expect(await smtputf8Offered(app.db)).toBeNull();
    expect(await worker.probe()).toBeNull();
    expect(await smtputf8Offered(app.db)).toBe(true);
    await worker.stop();
  });

  it('is not learned from a server that cannot be reached', async () => {
    const server = await startScripted(at('greeting', '554 Go away'));
    const app = await startApp({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    await rememberSmtputf8(app.db, true);
    const worker = await app.startWorker(smtpOf(app.config));
    expect(await worker.probe()).not.toBeNull();
    expect(await smtputf8Offered(app.db)).toBe(true);
    await worker.stop();
  });

  it('keeps nothing from being sent where it cannot be remembered', async () => {
    const sink = await startSink({ smtputf8: false });
    const { app, edition } = await published(sink.url);
    await sql`create trigger broken before insert on settings
      begin select raise(abort, 'cannot be written'); end`.execute(app.db);
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.recipients()).toEqual(['ada@example.org', 'emmy@example.org']);
    expect(await smtputf8Offered(app.db)).toBe(true);
    expect(app.runtime.logs).toContainEqual(
      expect.objectContaining({ msg: 'cannot remember what the server offers' }),
    );
  });
});
