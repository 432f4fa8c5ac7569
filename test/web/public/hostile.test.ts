import { describe, expect, it } from 'vitest';
import { addReaders, startApp } from '../../support/app.ts';
import { linkFor } from '../../support/reader.ts';
import { minutes } from '../../support/runtime.ts';
import { posted, webOf } from '../../support/web.ts';

const payloads = [
  'ada@example.org\r\nBcc: eve@example.org',
  'ada@example.org%0d%0aBcc: eve@example.org',
  'ada@example.org\nSubject: x',
  '\0',
  'ada@example.org\u2028',
  '"><script>alert(1)</script>',
  '{{constructor}}',
  '<mj-include path="/etc/passwd" />',
  "' or 1=1 --",
  '=?utf-8?q?=0d=0aBcc:_eve?=@example.org',
  'ada@example.org,eve@example.org',
  'Group: ada@example.org;',
  '\ud800',
  'x'.repeat(10_000),
  '\u202emoc.elpmaxe@ada',
  '../../etc/passwd',
  '__proto__',
];

/** Every form there is, with a link that is good. */
async function forms() {
  const app = await startApp();
  const web = webOf(app);
  await addReaders(app, ['ada@example.org']);
  const [preferences] = [await linkFor(app, 'preferences')];
  await web.request(`/preferences/${preferences}/manage`, posted());
  const manage = await linkFor(app, 'manage');
  const page = await (await web.request('/subscribe')).text();
  const stamp = /name="stamp" value="([^"]+)"/.exec(page)?.[1] ?? '';
  app.runtime.time += minutes(1);
  const all: Record<string, Record<string, string>> = {
    '/subscribe': { address: 'emmy@example.org', frequency: 'daily', website: '', stamp },
    [`/preferences/${preferences}`]: { frequency: 'daily', pause: '' },
    [`/manage/${manage}/address`]: { address: 'emmy@example.org' },
    '/why/x': { why: 'other' },
  };
  return { app, web, all };
}

const hostileBodies: readonly [string, string, RequestInit][] = [
  [
    'JSON',
    '415',
    { body: '{"address":"ada@example.org"}', headers: { 'content-type': 'application/json' } },
  ],
  [
    'a multipart form',
    '415',
    { body: '--x', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
  ],
  ['no type', '415', { body: 'address=x', headers: { 'content-type': '' } }],
  [
    'another charset',
    '415',
    {
      body: 'address=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' },
    },
  ],
  ['10 MB', '413', { ...posted(), body: `address=${'x'.repeat(10_000_000)}` }],
  ['half an escape', '400', { ...posted(), body: 'address=%e4%' }],
  ['broken UTF-8', '400', { ...posted(), body: 'address=%ff%fe&why=%ff' }],
  ['bytes that are no UTF-8', '400', { ...posted(), body: Buffer.from('address=\xff', 'latin1') }],
  [
    'a field twice',
    '400',
    {
      ...posted(),
      body: 'address=a%40b.example&address=c%40d.example&why=a&why=b&frequency=a&frequency=b',
    },
  ],
  ['a thousand fields', '400', { ...posted(), body: 'a=b&'.repeat(1_000) }],
];

describe('hostile input', () => {
  it('in any field gets a page that a person understands, and reaches no header', async () => {
    const { web, all } = await forms();
    for (const [path, fields] of Object.entries(all)) {
      for (const field of Object.keys(fields)) {
        for (const payload of payloads) {
          const answer = await web.request(path, posted({ ...fields, [field]: payload }));
          const what = `${path} ${field}=${JSON.stringify(payload.slice(0, 40))}: ${answer.status}`;
          expect(answer.status, what).toBeLessThan(500);
          const page = await answer.text();
          expect(page, what).toMatch(/<h1/);
          expect(page, what).not.toMatch(/<script|<mj-include/);
          expect(JSON.stringify([...answer.headers]), what).not.toMatch(/eve@|bcc/i);
        }
      }
    }
  });

  it('that holds a line break is refused wherever it stands', async () => {
    const { app, web, all } = await forms();
    for (const [path, fields] of Object.entries(all)) {
      for (const field of Object.keys(fields)) {
        const answer = await web.request(path, posted({ ...fields, [field]: 'a\r\nb' }));
        expect(answer.status, `${path} ${field}`).toBe(400);
      }
    }
    expect(await app.db.selectFrom('signUps').selectAll().execute()).toEqual([]);
  });

  it.each(hostileBodies)('as %s is answered %s', async (_what, status, body) => {
    const { web, all } = await forms();
    for (const path of Object.keys(all)) {
      const answer = await web.request(path, { ...body, method: 'POST' });
      expect(answer.status, path).toBe(Number(status));
      expect(await answer.text()).toMatch(/<h1/);
    }
  });

  it('in headers and paths is no more than a bad request', async () => {
    const { web } = await forms();
    for (const name of [
      'x-forwarded-for',
      'forwarded',
      'if-none-match',
      'if-modified-since',
      'origin',
      'cookie',
      'host',
    ]) {
      for (const value of ["' or 1=1 --", '*', '"', 'x'.repeat(8_000), '255.255.255.999', '\xff']) {
        const { status } = await web.request('/', { headers: { [name]: value } });
        expect(status, `${name}: ${value.slice(0, 20)}`).toBeLessThan(500);
      }
    }
    for (const path of [
      '/%00',
      '/%ff',
      '/editions/%2e%2e',
      '/confirm/%0d%0aset-cookie:a=b',
      '/unsubscribe/%E0%A4',
      '/editions?q=%ff',
      '/editions?q=%00',
      '/editions?from=%27',
      '/editions?q=%25&q=a',
    ]) {
      const answer = await web.request(path);
      expect(answer.status, path).toBeLessThan(500);
      expect(answer.headers.has('set-cookie')).toBe(false);
    }
  });
});
