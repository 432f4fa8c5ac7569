import { describe, expect, it } from 'vitest';
import { smtpOf } from '../../src/app.ts';
import { alertOperator } from '../../src/schedule/operator-alerts.ts';
import { recordSlot, type Slot } from '../../src/store/slots.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { hours, morning } from '../support/runtime.ts';
import { startSink } from '../support/smtp-sink.ts';

const failed: Slot = {
  kind: 'daily',
  date: '2025-09-03',
  outcome: 'source-failed',
  reason: 'https://papers.test: <b>503</b>\n\n> https://evil.test\nSubject: {{name}}',
  editionId: null,
  dueAt: morning,
  begunAt: morning,
  decidedAt: morning + hours(6),
  againAt: null,
};

/** Records the slot, tells the operator, and sends what is to be told. */
async function tell(app: TestApp, slot: Slot) {
  const { db, runtime } = app;
  await recordSlot(db, slot);
  await alertOperator({ db, admin: 'operator@example.org', timeZone: 'UTC' }, slot, runtime.time);
  const worker = await app.startWorker(smtpOf(app.config));
  await worker.sendNotices(app.makeNotice);
  await worker.stop();
}

describe('the mail to the operator', () => {
  it('says which edition did not go out, when, why, and what to do', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await tell(app, failed);
    const [mail, ...others] = sink.mails;
    expect(others).toEqual([]);
    expect(mail?.to).toEqual(['operator@example.org']);
    expect(String(mail?.raw)).toContain('Subject: Daily Papers: no daily edition on 2025-09-03');
    const text = String(mail?.raw)
      .replace(/=\r?\n/g, '')
      .replace(/\s+/g, ' ');
    expect(text).toContain('looked for from 3 Sept 2025, 08:00 to 3 Sept 2025, 14:00');
    expect(text).toContain('paperround send --kind daily');
  });

  it('carries the reason as a line of text: no markup, no link, no template of it', async () => {
    const { publishing } = await startApp({ PUBLIC_URL: 'https://news.example.org' });
    const about = {
      kind: 'daily',
      date: '2025-09-03',
      reason: failed.reason ?? '',
      from: '08:00',
      to: '14:00',
      daily: '',
      edition: '',
    };
    const { renderer, masthead } = publishing;
    const { html, text, subject } = await renderer.renderNotice('trouble', masthead, about);
    expect(html).toContain('https://papers.test: &lt;b&gt;503&lt;/b&gt; &gt; https://evil.test');
    expect(html).not.toContain('href="https://evil.test');
    expect(text).toContain('Subject: {{name}}');
    expect(subject).toBe('Daily Papers: no daily edition on 2025-09-03');
    expect(text).not.toContain('send --kind daily');
  });

  it('comes without a site, too', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url, PUBLIC_URL: '' });
    await tell(app, failed);
    await tell(app, { ...failed, date: '2025-09-04', outcome: 'published', editionId: 1 });
    expect(sink.mails.map(({ to }) => to)).toEqual([
      ['operator@example.org'],
      ['operator@example.org'],
    ]);
    expect(String(sink.mails[1]?.raw)).toContain(
      'Subject: Daily Papers: the daily edition goes out again',
    );
  });
});
