import { describe, expect, it, vi } from 'vitest';
import { smtpOf } from '../../../src/app.ts';
import { serveDeliveries } from '../../../src/delivery/serve.ts';
import { getDraft } from '../../../src/store/desk.ts';
import {
  calendar,
  editionWire,
  finishEdition,
  getEdition,
  listEditions,
  moveEdition,
} from '../../../src/store/editions.ts';
import { holdDomain } from '../../../src/store/holds.ts';
import { countSubscribers } from '../../../src/store/subscribers.ts';
import {
  addReaders,
  addresses,
  deliver,
  startApp,
  statesOf,
  type TestApp,
} from '../../support/app.ts';
import { aCapture, titleOf } from '../../support/capture.ts';
import { anOpenDesk, aroundDesk } from '../../support/desk.ts';
import { hours, morning, testRuntime } from '../../support/runtime.ts';
import { parseMail, startSink } from '../../support/smtp-sink.ts';
import { tempFolder } from '../../support/temp-folder.ts';

type Desk = Awaited<ReturnType<typeof anOpenDesk>>;

/** Opens today's papers. @returns the draft's path. */
async function openToday({ post }: Desk): Promise<string> {
  const answer = await post('/desk/drafts', { from: 'today' });
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
}

/** The fields of the form on a draft's page, as a browser would send them. */
async function formOf({ get }: Desk, path: string): Promise<[string, string][]> {
  const html = await (await get(path)).text();
  const [, form = ''] = /<form id="draft"([\s\S]*?)<\/form>/.exec(html) ?? [];
  const [, version = ''] = /name="version" value="(\d+)"/.exec(form) ?? [];
  const picks = [...form.matchAll(/name="pick" value="([^"]+)"[^>]* checked/g)];
  const [, kind = ''] = /name="kind" value="(\w+)" checked/.exec(form) ?? [];
  return [
    ['version', version],
    ['kind', kind],
    ...picks.map(([, key = '']): [string, string] => ['pick', key]),
  ];
}

const json = { accept: 'application/json' };
const without = (form: readonly [string, string][], ...names: string[]) =>
  form.filter(([name]) => !names.includes(name));
const picksIn = (form: readonly [string, string][]) =>
  form.filter(([name]) => name === 'pick').map(([, key]) => key);

async function sendNow({ post }: Desk, path: string, version: string, more = {}) {
  return post(`${path}/send`, { version, when: 'now', ...more });
}

describe('a draft', () => {
  it('has all candidates, the picker’s choice checked and explained', async () => {
    const desk = await anOpenDesk(await startApp({ PAPERS: '5' }));
    const html = await (await desk.get(await openToday(desk))).text();
    expect(html.match(/name="pick"/g)).toHaveLength(12);
    expect(html.match(/name="pick"[^>]* checked/g)).toHaveLength(5);
    expect(html.match(/Picker’s choice \d/g)).toHaveLength(5);
    expect(html).toContain('no upvotes are known');
  });

  it('keeps picks, their order and words', async () => {
    const app = await startApp({ PAPERS: '4' });
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const form = await formOf(desk, path);
    const [first = '', second = '', third = '', fourth = ''] = picksIn(form);
    const saved = await desk.post(
      path,
      [
        ...without(form, 'pick'),
        ...[third, first, second].map(key => ['pick', key] as const),
        ['intro', 'Good\r\nmorning.'],
        [`note.${first}`, 'Read this.'],
        [`title.${third}`, 'Better'],
      ],
      json,
    );
    expect(await saved.json()).toMatchObject({ version: 2, picks: 3 });
    const { edits } = (await getDraft(app.db, 1))?.content ?? {};
    expect(edits).toEqual({
      intro: 'Good\nmorning.',
      picks: [third, first, second],
      papers: { [first]: { note: 'Read this.' }, [third]: { title: 'Better' } },
    });
    expect(picksIn(await formOf(desk, path))).toEqual([third, first, second]);
    expect(fourth).not.toBe('');
  });

  it('moves a paper by a button, without a script', async () => {
    const desk = await anOpenDesk(await startApp({ PAPERS: '3' }));
    const path = await openToday(desk);
    const form = await formOf(desk, path);
    const [first = '', second = '', third = ''] = picksIn(form);
    const answer = await desk.post(path, [...form, ['act', `up ${third}`]]);
    expect(answer.status).toBe(303);
    expect(picksIn(await formOf(desk, path))).toEqual([first, third, second]);
  });

  it('is not overwritten by a tab that knows an older version', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const form = await formOf(desk, path);
    await desk.post(path, [...form, ['subject', 'The first tab’s']]);
    const late = await desk.post(path, [...form, ['subject', 'The second tab’s']], json);
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ old: true, problem: /another tab/ });
    expect((await getDraft(app.db, 1))?.content.edits.subject).toBe('The first tab’s');
    expect((await desk.post(path, form)).status).toBe(409);
  });

  it('of two saves at once keeps one', async () => {
    const desk = await anOpenDesk(await startApp());
    const path = await openToday(desk);
    const form = await formOf(desk, path);
    const both = await Promise.all(
      ['a', 'b'].map(subject => desk.post(path, [...form, ['subject', subject]])),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
  });

  it.each([
    [['intro', 'x'.repeat(2_001)], /intro is 2,001 characters/],
    [['subject', 'x'.repeat(201)], /subject is 201 characters/],
  ] as const)('is not saved where it cannot be an edition', async (field, problem) => {
    const desk = await anOpenDesk(await startApp());
    const path = await openToday(desk);
    const answer = await desk.post(path, [...(await formOf(desk, path)), field], json);
    expect(answer.status).toBe(400);
    const said = (await answer.json()) as { readonly problem: string };
    expect(said.problem).toMatch(problem);
  });

  it('is shown as a mail that can do nothing', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const intro = '<script>alert(1)</script> [x](javascript:alert(1)) [y](https://a.test/)';
    await desk.post(path, [...(await formOf(desk, path)), ['intro', intro]]);
    const mail = await desk.get(`${path}/mail?v=2`);
    expect(mail.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups [^;]*;/);
    expect(mail.headers.get('content-security-policy')).not.toMatch(/allow-(scripts|same-origin)/);
    const html = await mail.text();
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<script|href="javascript/i);
    expect(html).toContain('<a href="https://a.test/"');
    const page = await (await desk.get(path)).text();
    expect(page).toMatch(/<iframe id="mail" sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    expect(page).not.toContain('<script>alert');
    app.runtime.time += hours(24);
    expect(await (await desk.get(`${path}/mail?v=2`)).text()).toContain('4 September');
    for (const page of [path, `${path}/preview`]) {
      const text = await (await desk.get(`${page}?view=plain`)).text();
      expect(text).toContain('y (https://a.test/)');
    }
  });

  it('is shown as in `preview`: inboxes, every view, what the checks found', async () => {
    const desk = await anOpenDesk(await startApp());
    const path = await openToday(desk);
    const page = await (await desk.get(`${path}/preview?view=dark`)).text();
    expect(page).toMatch(/class="row gmail"[\s\S]*class="row iphone"[\s\S]*Nothing wrong/);
    expect(page).toMatch(/aria-current="page">Dark/);
    expect(await (await desk.get(`${path}/mail?view=dark`)).text()).toContain('(min-width:0px)');
    const source = await (await desk.get(`${path}/preview?view=source`)).text();
    expect(source).toContain('<dt>List-Unsubscribe</dt>');
    expect((await desk.get('/desk/drafts/9/preview')).status).toBe(404);
    expect((await desk.get('/desk/drafts/9/mail')).status).toBe(404);
  });
});

describe('papers from anywhere', () => {
  it('may be pasted', async () => {
    const desk = await anOpenDesk(await startApp());
    const answer = await desk.post('/desk/drafts', {
      from: 'paste',
      text: aCapture({ papers: 3, from: 70 }),
    });
    expect(await (await desk.get(answer.headers.get('location') ?? '')).text()).toContain(
      titleOf(70),
    );
  });

  it('may be uploaded', async () => {
    const desk = await anOpenDesk(await startApp());
    const body = new FormData();
    body.set('from', 'file');
    body.set('file', new File([aCapture({ papers: 3, from: 80 })], 'day.txt'));
    const answer = await desk.ask('/desk/drafts', { method: 'POST', headers: desk.headers, body });
    expect(await (await desk.get(answer.headers.get('location') ?? '')).text()).toContain(
      titleOf(80),
    );
  });

  it('may be at an address, and are never a file of this machine', async () => {
    const asked: unknown[] = [];
    const app = await startApp();
    const around = aroundDesk(app);
    const load: typeof around.load = (source, day) => {
      asked.push(source);
      return around.load(source, day);
    };
    const desk = await anOpenDesk(app, { load });
    const url = 'https://papers.example.org/feed.xml';
    expect((await desk.post('/desk/drafts', { from: 'url', url })).status).toBe(303);
    for (const path of [
      '/etc/passwd',
      'sample',
      '-',
      `${url}, /etc/passwd`,
      'file:///etc/passwd',
      '',
    ]) {
      expect((await desk.post('/desk/drafts', { from: 'url', url: path })).status).toBe(400);
    }
    expect(asked).toEqual([url]);
  });

  it('may be found among those that were seen', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    const html = await (await desk.get('/desk?q=question+7')).text();
    const [, key = ''] = /name="paper" value="([^"]+)"/.exec(html) ?? [];
    expect(html).toContain(titleOf(7));
    const answer = await desk.post('/desk/drafts', { from: 'search', q: 'question 7', paper: key });
    const draft = await (await desk.get(answer.headers.get('location') ?? '')).text();
    expect(draft.match(/name="pick"/g)).toHaveLength(1);
    expect(await (await desk.get('/desk?q=100%25_nothing')).text()).toContain(
      'No paper that was seen',
    );
  });

  it('are refused where they are too large or none', async () => {
    const desk = await anOpenDesk(await startApp());
    const body = new FormData();
    body.set('from', 'file');
    body.set('file', new File(['x'.repeat(21 * 1024 * 1024)], 'large.txt'));
    const large = await desk.ask('/desk/drafts', { method: 'POST', headers: desk.headers, body });
    expect(large.status).toBe(413);
    const papers = Array.from(
      { length: 2_001 },
      (_, at) => `{"title":"Paper number ${at}","abstract":"We show it."}`,
    );
    const many = new FormData();
    many.set('from', 'file');
    many.set('file', new File([papers.join('\n')], 'year.jsonl'));
    const { headers } = desk;
    const year = await desk.ask('/desk/drafts', { method: 'POST', headers, body: many });
    expect([year.status, await year.text()]).toEqual([
      400,
      expect.stringContaining('2,001 papers'),
    ]);
    expect((await desk.post('/desk/drafts', { from: 'paste', text: 'hello' })).status).toBe(400);
    expect((await desk.post('/desk/drafts', { from: 'paste' })).status).toBe(400);
  });
});

describe('sending from the desk', () => {
  it('says who gets it, and who does not and why', async () => {
    const app = await startApp();
    await addReaders(app, addresses(4));
    await addReaders(app, ['weekly@example.org'], 'weekly');
    await app.list.remove('reader4@example.org', 'editor');
    const desk = await anOpenDesk(app);
    const html = await (await desk.get(`${await openToday(desk)}/send`)).text();
    expect(html).toContain('3 readers');
    expect(html).toContain('1 left or were removed');
    expect(html).toContain('1 get the weekly edition');
    expect(html).toMatch(/\d+ KB/);
  });

  it('sends a test to the editor, and nothing is recorded', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const answer = await desk.post(`${path}/test`, { address: 'me@example.org' }, json);
    expect(await answer.json()).toEqual({ done: 'A test was sent to me@example.org.' });
    expect(sink.recipients()).toEqual(['me@example.org']);
    const [mail] = await Promise.all(sink.mails.map(parseMail));
    expect(mail?.subject).toMatch(/^\[Test\] /);
    expect(await listEditions(app.db, 9)).toEqual([]);
  });

  it('sends once, however often the button is pressed', async () => {
    const app = await startApp();
    await addReaders(app, addresses(3));
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const presses = await Promise.all([1, 2, 3, 4, 5].map(() => sendNow(desk, path, '1')));
    expect(new Set(presses.map(({ headers }) => headers.get('location')))).toEqual(
      new Set(['/desk/editions/1']),
    );
    app.runtime.time += hours(24);
    expect((await sendNow(desk, path, '1')).headers.get('location')).toBe('/desk/editions/1');
    // Nor is it offered once more.
    expect((await desk.get(`${path}/send`)).headers.get('location')).toBe('/desk/editions/1');
    expect(await listEditions(app.db, 9)).toHaveLength(1);
    expect(await statesOf(app, 1)).toEqual({ queued: 3 });
    expect(desk.woken()).toBe(6);
  });

  it('sends a manual edition to all readers, and what was changed since as another one', async () => {
    const app = await startApp();
    await addReaders(app, addresses(2));
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const form = without(await formOf(desk, path), 'kind');
    await desk.post(path, [...form, ['kind', 'manual']]);
    await sendNow(desk, path, '2');
    await desk.post(path, [
      ...without(form, 'version'),
      ['version', '2'],
      ['kind', 'manual'],
      ['subject', 'New'],
    ]);
    await sendNow(desk, path, '3');
    expect((await listEditions(app.db, 9)).map(({ kind }) => kind)).toEqual(['manual', 'manual']);
  });

  it('does not send what was changed since it was looked at', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    await desk.post(path, [...(await formOf(desk, path)), ['subject', 'Changed']]);
    expect((await sendNow(desk, path, '1')).status).toBe(409);
    expect(await listEditions(app.db, 9)).toEqual([]);
  });

  it('does not pass its words off as a daily edition that is out already', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    const second = await openToday(desk);
    await desk.post(second, [...(await formOf(desk, second)), ['subject', 'Too late']]);
    expect(await (await desk.get(`${second}/send`)).text()).toMatch(/Not today: the daily edition/);
    const answer = await sendNow(desk, second, '2');
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/daily edition of 2025-09-03 is out already/);
  });

  it('sends at the time that was set, to who is there by then, and once', async () => {
    const sink = await startSink();
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, addresses(2));
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    await sendNow(desk, path, '1', { when: 'later', at: '2025-09-03T10:30' });
    expect(await getEdition(app.db, 1)).toMatchObject({
      status: 'scheduled',
      sendAt: morning + hours(2.5),
    });
    await addReaders(app, ['late@example.org']);
    await serveUntilSent(app);
    expect(sink.recipients()).toEqual([]);
    app.runtime.time = morning + hours(3);
    await serveUntilSent(app);
    expect(sink.recipients()).toEqual([
      'late@example.org',
      'reader1@example.org',
      'reader2@example.org',
    ]);
  });

  it('sends a scheduled edition at once, or at another time, where that is asked for', async () => {
    const app = await startApp();
    await addReaders(app, addresses(2));
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const later = (at: string) => sendNow(desk, path, '1', { when: 'later', at });
    await later('2025-09-03T10:30');
    expect((await later('2025-09-03T12:00')).status).toBe(303);
    expect(await getEdition(app.db, 1)).toMatchObject({
      status: 'scheduled',
      sendAt: morning + hours(4),
    });
    expect(await editionWire(app.db, 1)).toContain('03 Sep 2025 12:00:00');
    expect((await sendNow(desk, path, '1')).headers.get('location')).toBe('/desk/editions/1');
    expect(await statesOf(app, 1)).toEqual({ queued: 2 });
    expect(await editionWire(app.db, 1)).toContain('03 Sep 2025 08:00:00');
  });

  it('puts what was changed in the place of what was scheduled', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    const at = { when: 'later', at: '2025-09-03T10:30' };
    await sendNow(desk, path, '1', at);
    const form = await formOf(desk, path);
    await desk.post(path, [...form, ['subject', 'Corrected']]);
    expect((await sendNow(desk, path, '2', at)).headers.get('location')).toBe('/desk/editions/1');
    expect(await listEditions(app.db, 9)).toMatchObject([{ id: 1, subject: 'Corrected' }]);
    expect(await editionWire(app.db, 1)).toContain('Subject: Corrected');
  });

  it('says that a daily edition is out, and does not lose what was changed since', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    await sendNow(desk, path, '1');
    await desk.post(path, [...(await formOf(desk, path)), ['subject', 'Corrected']]);
    const answer = await sendNow(desk, path, '2');
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/daily edition of 2025-09-03 is out already/);
    expect((await getDraft(app.db, 1))?.editionVersion).toBe(1);
  });

  it('is sent once where the program dies before the draft knows of it', async () => {
    const app = await startApp();
    await addReaders(app, addresses(2));
    const desk = await anOpenDesk(app);
    const path = await openToday(desk);
    await sendNow(desk, path, '1');
    await app.db.updateTable('drafts').set({ editionId: null, editionVersion: null }).execute();
    expect((await sendNow(desk, path, '1')).headers.get('location')).toBe('/desk/editions/1');
    expect(await statesOf(app, 1)).toEqual({ queued: 2 });
  });

  it.each(['', '2025-09-03T07:00', 'soon'])('refuses a time that cannot be: "%s"', async at => {
    const desk = await anOpenDesk(await startApp());
    const answer = await sendNow(desk, await openToday(desk), '1', { when: 'later', at });
    expect(answer.status).toBe(400);
  });

  it('is sent once after a crash between the press and the first message', async () => {
    const sink = await startSink();
    const folder = tempFolder();
    const before = await startApp({ SMTP_URL: sink.url }, { folder });
    await addReaders(before, addresses(3));
    const desk = await anOpenDesk(before);
    await sendNow(desk, await openToday(desk), '1');
    await before.close();
    const after = await startApp({ SMTP_URL: sink.url }, { folder });
    await serveUntilSent(after);
    await serveUntilSent(after);
    expect(sink.recipients()).toEqual(addresses(3));
  });
});

/** Lets the service of a fresh process look round once, and ends it. */
async function serveUntilSent(app: TestApp): Promise<void> {
  const worker = await app.startWorker(smtpOf(app.config));
  const ending = new AbortController();
  let rounds = 0;
  const deliver: typeof worker.deliver = async (...given) => {
    const trouble = await worker.deliver(...given);
    ending.abort();
    return trouble;
  };
  const takeOver = async () => {
    rounds += 1;
    await worker.takeOver();
    // Nothing was there to be delivered.
    if (rounds > 1) ending.abort();
  };
  const service = serveDeliveries(
    { ...app.publishing, worker: { ...worker, deliver, takeOver } },
    ending.signal,
  );
  service.wake();
  const waker = setInterval(() => service.wake(), 5);
  await service.ended;
  clearInterval(waker);
  await worker.stop();
}

describe('an edition on the desk', () => {
  it('is paused, resumed and cancelled', async () => {
    const app = await startApp();
    await addReaders(app, addresses(2));
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    const statusAfter = async (act: string) => {
      const { status } = await desk.post(`/desk/editions/1/${act}`);
      return [status, (await getEdition(app.db, 1))?.status];
    };
    expect(await statusAfter('pause')).toEqual([303, 'paused']);
    expect(await statusAfter('pause')).toEqual([400, 'paused']);
    expect(await statusAfter('resume')).toEqual([303, 'sending']);
    expect(await statusAfter('cancel')).toEqual([303, 'cancelled']);
    expect(await statesOf(app, 1)).toEqual({ skipped: 2 });
  });

  it('tells how far it is, until it is done', async () => {
    const sink = await startSink({ rejects: address => address.startsWith('reader2') });
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, addresses(3));
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    const events = await desk.get('/desk/editions/1/events');
    expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await deliver(app, 1);
    const text = await events.text();
    const heard = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data));
    expect(heard.at(-1)).toMatchObject({ status: 'sent', live: /<strong>2<\/strong> sent/ });
    expect(heard.at(-1).live).toContain('5.1.1 No such user');
    expect(text).toMatch(/event: end/);
    const page = await (await desk.get('/desk/editions/1')).text();
    expect(page).toContain('reader2@example.org');
  });

  it('is sent again to those who missed it, but not to who does not exist', async () => {
    const sink = await startSink({ rejects: address => address.startsWith('reader1@') });
    const app = await startApp({ SMTP_URL: sink.url });
    await addReaders(app, addresses(3));
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    await deliver(app, 1);
    await app.db
      .updateTable('deliveries')
      .set({ state: 'failed', reply: 'lost', code: null, enhanced: null })
      .where('subscriberId', '=', 3)
      .execute();
    expect((await desk.post('/desk/editions/1/missed')).status).toBe(303);
    expect(await statesOf(app, 1)).toEqual({ failed: 1, queued: 1, sent: 1 });
    expect((await getEdition(app.db, 1))?.status).toBe('sending');
  });

  it('shows which domains refuse it, and until when it waits for a limit', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@big.example', 'emmy@example.org']);
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    const page = async () => (await desk.get('/desk/editions/1')).text();
    const until = morning + hours(1);
    await holdDomain(app.db, 1, { domain: 'big.example', reply: '550 5.7.515 <No>', until });
    expect(await page()).toMatch(
      /big\.example: 1 reader held back until Wed.* 09:00\. .*550 5\.7\.515 &lt;No&gt;/,
    );
    const limit = { pausedBy: 'relay', reason: '550 5.4.5 Daily', resumeAt: until } as const;
    await moveEdition(app.db, 1, ['freezing', 'sending'], 'paused', limit);
    expect(await page()).toMatch(/It goes on by itself at Wed.* 09:00\./);
  });

  it('stands in the calendar with its numbers; a day without one with its reason', async () => {
    const app = await startApp();
    await addReaders(app, addresses(2));
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    expect(await calendar(app.db, 5)).toMatchObject([{ id: 1, kind: 'daily' }]);
    const numbersIn = async () => {
      const html = await (await desk.get('/desk/calendar')).text();
      expect(html).toContain('/desk/editions/1');
      return [...html.matchAll(/<td class="number">(\d+)<\/td>/g)].map(([, number]) => number);
    };
    expect(await numbersIn()).toEqual(['0', '2', '0', '0']);
    const all = app.db.updateTable('deliveries');
    await all.set({ state: 'sent' }).execute();
    await finishEdition(app.db, 1, app.runtime.now());
    expect(await numbersIn()).toEqual(['2', '0', '0', '0']);
    expect(await numbersIn()).toEqual(['2', '0', '0', '0']);
    // It goes on, and ends once more.
    await all.set({ state: 'failed' }).where('subscriberId', '=', 1).execute();
    await moveEdition(app.db, 1, ['sent'], 'sending');
    expect(await numbersIn()).toEqual(['1', '0', '1', '0']);
    await finishEdition(app.db, 1, app.runtime.now() + 1);
    expect(await numbersIn()).toEqual(['1', '0', '1', '0']);
  });
});

describe('readers on the desk', () => {
  it('are added, found, removed and forgotten', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    const added = await desk.post('/desk/readers/add', {
      address: 'Ada <ada@example.org>',
      frequency: 'weekly',
    });
    expect(await added.text()).toContain('ada@example.org was added.');
    expect(await (await desk.get('/desk/readers?q=ADA')).text()).toContain('active, weekly');
    expect(await (await desk.get('/desk/readers?q=%25')).text()).toContain('Nobody is found');
    await desk.post('/desk/readers/remove', { address: 'ada@example.org' });
    expect(await (await desk.get('/desk/readers?q=ada')).text()).toContain('unsubscribed');
    await desk.post('/desk/readers/forget', { address: 'ada@example.org' });
    expect(await (await desk.get('/desk/readers?q=ada')).text()).toContain('Nobody is found');
    const again = await desk.post('/desk/readers/add', { address: 'ada@example.org' });
    expect(await again.text()).toContain('was not added');
  });

  it('are imported after each row was shown', async () => {
    const app = await startApp();
    await addReaders(app, ['there@example.org', 'gone@example.org']);
    await app.list.remove('gone@example.org', 'editor');
    const desk = await anOpenDesk(app);
    const csv =
      'email,name\nnew@example.org,<b>New</b>\nthere@example.org\ngone@example.org\nno address\nnew@example.org\n';
    const body = new FormData();
    body.set('file', new File([csv], 'list.csv'));
    const shown = await desk.ask('/desk/readers/forecast', {
      method: 'POST',
      headers: desk.headers,
      body,
    });
    const html = await shown.text();
    const rows = [
      ...html.matchAll(/<tr><td class="number">(\d)<\/td><td>(.*?)<\/td><td>(.*?)<\/td>/g),
    ];
    expect(rows.map(row => row.slice(1))).toEqual([
      ['2', 'new@example.org', 'added'],
      ['3', 'there@example.org', 'there already'],
      ['4', 'gone@example.org', 'suppressed'],
      ['5', '', 'left out'],
      ['6', 'new@example.org', 'there already'],
    ]);
    expect(await (await desk.get('/desk/readers?q=new')).text()).toContain('Nobody is found');
    const [, upload = ''] = /name="upload" value="([^"]+)"/.exec(html) ?? [];
    const done = await desk.post('/desk/readers/import', { upload });
    expect(await done.text()).toContain(
      '1 reader added, 2 on the list already, 1 suppressed, 1 row left out. Suppressed: 1 taken off by hand.',
    );
    expect((await desk.post('/desk/readers/import', { upload })).status).toBe(400);
  });

  it('are not imported while a column may say who opted out, until that is answered', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    const look = async (values: Record<string, string | File>) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(values)) body.set(name, value);
      const { headers } = desk;
      const html = await (
        await desk.ask('/desk/readers/forecast', { method: 'POST', headers, body })
      ).text();
      return { html, upload: /name="upload" value="([^"]+)"/.exec(html)?.[1] ?? '' };
    };
    const csv = 'email,Consent\nada@example.org,yes\nbob@example.org,"no, <b>never</b>"\n';
    const asked = await look({ file: new File([csv], 'list.csv') });
    expect(asked.html).toContain('<legend>Consent</legend>');
    expect(asked.html).toContain('value="Consent&#x3D;no  &lt;b&gt;never&lt;/b&gt;"');
    expect(asked.html).not.toContain('Import it');
    const answer = { 'opt-out': 'Consent=no  <b>never</b>' };
    const shown = await look({ upload: asked.upload, ...answer });
    expect(shown.html).toContain('<td>bob@example.org</td><td>suppressed</td><td>left</td>');
    expect(await countSubscribers(app.db)).toEqual({});
    const done = await desk.post('/desk/readers/import', { upload: shown.upload, ...answer });
    expect(await done.text()).toContain(
      '1 reader added, 0 on the list already, 1 suppressed, 0 rows left out. Suppressed: 1 left.',
    );

    const named = await look({ file: new File(['ada@example.org\n'], 'unsubscribed.csv') });
    expect(named.html).toContain('They opted out: suppress them');
    const optedOut = await look({ upload: named.upload, 'opted-out': 'yes' });
    expect(optedOut.html).toContain('<input type="hidden" name="opted-out" value="yes">');
    await desk.post('/desk/readers/import', { upload: optedOut.upload, 'opted-out': 'yes' });
    expect(await countSubscribers(app.db)).toEqual({ unsubscribed: 1 });
  });

  it('are exported as what can be imported', async () => {
    const app = await startApp();
    await addReaders(app, addresses(2));
    const desk = await anOpenDesk(app);
    const answer = await desk.get('/desk/readers/export.csv');
    expect(answer.headers.get('content-disposition')).toContain('readers.csv');
    expect(await answer.text()).toBe(
      'email,name,status,frequency\nreader1@example.org,,active,daily\nreader2@example.org,,active,daily\n',
    );
  });
});

describe('what takes long', () => {
  it('lets mails be sent meanwhile: the calendar, and what an import would do', async () => {
    const app = await startApp();
    const desk = await anOpenDesk(app);
    await sendNow(desk, await openToday(desk), '1');
    await app.db.updateTable('editions').set({ status: 'sent', finishedAt: 1 }).execute();
    const waits = vi.spyOn(app.runtime, 'wait');
    for (const expected of [1, 0]) {
      await desk.get('/desk/calendar');
      expect(waits).toHaveBeenCalledTimes(expected);
      waits.mockClear();
    }
    const rows = Array.from({ length: 600 }, (_, at) => `reader${at}@example.org`);
    const body = new FormData();
    body.set('file', new File([`email\n${rows.join('\n')}\n`], 'list.csv'));
    const headers = desk.headers;
    const shown = await desk.ask('/desk/readers/forecast', { method: 'POST', headers, body });
    expect(await shown.text()).toContain('<strong>600</strong> added');
    expect(waits).toHaveBeenCalledTimes(2);
  });
});

describe('every page of the desk', () => {
  it('runs no script but ours, and is kept by nobody', async () => {
    const desk = await anOpenDesk(await startApp({}, { runtime: testRuntime() }));
    const path = await openToday(desk);
    await sendNow(desk, path, '1');
    const other = await openToday(desk);
    for (const page of [
      '/desk',
      `${other}/send`,
      path,
      `${path}/preview`,
      '/desk/calendar',
      '/desk/editions/1',
      '/desk/readers',
    ]) {
      const answer = await desk.get(page);
      expect(answer.status).toBe(200);
      const policy = answer.headers.get('content-security-policy');
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).not.toMatch(/unsafe/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.text()).not.toMatch(
        / on\w+="|<script(?! src="\/desk\/desk\.js")| style="/,
      );
    }
  });
});
