import { describe, expect, it } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { prepare } from '../../src/delivery/prepare.ts';
import { sendTest } from '../../src/delivery/preview.ts';
import { openConnection } from '../../src/delivery/smtp.ts';
import {
  addReaders,
  addresses,
  aRequest,
  deliver,
  publishEdition,
  startApp,
} from '../support/app.ts';
import { aDigest, papers } from '../support/builders.ts';
import { testKey, verifyDkim } from '../support/dkim.ts';
import { startSink } from '../support/smtp-sink.ts';

const signing = {
  DKIM_DOMAIN: 'news.example.org',
  DKIM_SELECTOR: 'papers',
  DKIM_KEY: testKey.replaceAll('\n', '\\n'),
};

/** Papers with what might upset a mail system on its way. */
const hostile = aDigest({
  papers: papers(5, {
    abstract: '.\r\n.\r\nFrom  here\u2028on   \t\n..\n{{x}} <b> =3D é '.repeat(9),
  }),
});

describe('an edition that is signed', () => {
  it('arrives signed at every reader, and is verified as it arrives', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url, LANES: '4', ...signing });
    await addReaders(app, addresses(30));
    const edition = await publishEdition(app, { digest: hostile });
    expect(await deliver(app, edition)).toBeNull();
    expect(sink.recipients()).toEqual(addresses(30).sort());
    const said = await Promise.all(sink.mails.map(({ raw }) => verifyDkim(raw)));
    expect(new Set(said)).toEqual(new Set(['pass']));
  });

  it('says when each message was signed', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url, ...signing });
    await addReaders(app, addresses(1));
    const edition = await publishEdition(app);
    app.runtime.time += 3_600_000;
    await deliver(app, edition);
    expect(String(sink.mails[0]?.raw)).toMatch(
      new RegExp(`^DKIM-Signature: [^]*\\st=${Math.floor(app.runtime.time / 1_000)};`),
    );
  });

  it('is signed as a test, too', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url, ...signing });
    const prepared = await prepare(app.publishing, aRequest({ digest: hostile }));
    if (prepared.edition === null) throw new Error(prepared.reason);
    const connect = () => openConnection(smtpOf(app.config));
    expect(await sendTest(app.publishing, prepared, 'me@example.org', connect)).toBeNull();
    const [mail] = sink.mails;
    expect(mail && (await verifyDkim(mail.raw))).toBe('pass');
  });
});

describe('an edition that is not signed', () => {
  it('says nothing of signatures', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, addresses(1));
    await deliver(app, await publishEdition(app));
    expect(String(sink.mails[0]?.raw)).not.toContain('DKIM');
  });
});
