import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormError, readFields, readForm } from '../../../src/web/plumbing/form.ts';

const fields = { address: 20, frequency: 10 };
const type = 'application/x-www-form-urlencoded';

function post(body: RequestInit['body'] & {}, contentType: string | null = type): Request {
  const request = new Request('http://x.test/', { method: 'POST', body, duplex: 'half' });
  request.headers.delete('content-type');
  if (contentType !== null) request.headers.set('content-type', contentType);
  return request;
}

const read = async (...args: Parameters<typeof post>) => readForm(post(...args), fields);
/** Why a form is refused; null where it is read. */
const refusal = async (...args: Parameters<typeof post>): Promise<FormError | null> => {
  const thrown = await read(...args).then(
    () => null,
    error => error,
  );
  if (thrown !== null) expect(thrown).toBeInstanceOf(FormError);
  return thrown;
};
const statusOf = async (...args: Parameters<typeof post>) =>
  (await refusal(...args))?.status ?? 200;

describe('a form', () => {
  it.each([
    ['as browsers send it', 'address=ada%40x.example&frequency=daily', 'ada@x.example', 'daily'],
    ['with spaces', 'address=a+b%20c', 'a b c', ''],
    ['with a plus sign', 'address=ada%2Bpapers%40x', 'ada+papers@x', ''],
    ['with other letters', 'address=%C3%A9mile%40x', 'émile@x', ''],
    ['with other letters as they are', 'address=émile', 'émile', ''],
    ['with an escaped name', 'addr%65ss=a', 'a', ''],
    ['with equals signs in it', 'address=a=b=c', 'a=b=c', ''],
    ['without a value', 'address&frequency', '', ''],
    ['without anything', '', '', ''],
    ['with too many &', '&&address=a&', 'a', ''],
    ['with fields that nobody asked for', '__proto__=x&address=a&x=y&x=z', 'a', ''],
    ['with a mark in front, which is kept', 'address=%EF%BB%BFa', '\ufeffa', ''],
  ])('is read %s', async (_title, body, address, frequency) => {
    expect(await read(body)).toEqual({ address, frequency });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-Urlencoded;charset="UTF-8"',
  ])('is read as %s', async contentType => {
    expect(await statusOf('address=a', contentType)).toBe(200);
  });

  it.each([
    null,
    'text/plain',
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'application/x-www-form-urlencoded-not',
    'application/x-www-form-urlencoded; charset=utf-8; charset=utf-16',
  ])('is not read as %s', async contentType => {
    expect(await statusOf('address=a', contentType)).toBe(415);
  });

  it.each([
    ['bytes that are no UTF-8', 'address=%ff'],
    ['such bytes as they are', Buffer.from('address=\xff', 'latin1')],
    ['UTF-8 that is longer than it must be', 'address=%C0%AF'],
    ['half a surrogate', 'address=%ED%A0%80'],
    ['a letter cut in two', 'address=%C3'],
    ['half an escape', 'address=100%'],
    ['an escape that is none', 'address=%zz'],
    ['such an escape in a name', '%=a'],
    ['one field twice', 'address=a&address=b'],
    ['one field twice, once escaped', 'address=a&addres%73=a'],
    ['a value that is too long', `address=${'x'.repeat(21)}`],
    ['more than fifty fields', 'x=1&'.repeat(51)],
    ['a control character in what nobody asked for', 'x=%0a'],
  ])('is refused with %s', async (_title, body) => {
    expect(await refusal(body)).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it.each(['%0d', '%0a', '%00', '%09', '%7f', '%C2%85', '%E2%80%A8', '%E2%80%A9'])(
    'is refused with the control character %s',
    async character => expect(await statusOf(`address=a${character}b`)).toBe(400),
  );

  it('says how long a value may be', async () => {
    const { message } = (await refusal(`address=${'x'.repeat(21)}`)) ?? {};
    expect(message).toBe('That is too long: at most 20 characters, please.');
    expect(await statusOf(`address=${'x'.repeat(20)}`)).toBe(200);
  });

  it('may have 16 KB and no more', async () => {
    const body = (bytes: number) => `x=${'y'.repeat(bytes - 2)}`;
    expect(await statusOf(body(16_384))).toBe(200);
    expect(await statusOf(body(16_385))).toBe(413);
  });

  it('is not read further than that, whatever it says of its length', async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: controller => {
        pulled += 1;
        controller.enqueue(Buffer.alloc(1024, 'x'));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await statusOf(endless)).toBe(413);
    expect(pulled).toBeLessThan(20);
    expect(cancelled).toBe(true);
  });

  it('is not read at all where it says that it is too long', async () => {
    const request = post('address=a');
    request.headers.set('content-length', '16385');
    await expect(readForm(request, fields)).rejects.toMatchObject({ status: 413 });
    expect(request.bodyUsed).toBe(false);
  });

  it('that breaks off is refused', async () => {
    const broken = new ReadableStream({ pull: controller => controller.error(new Error('gone')) });
    expect(await statusOf(broken)).toBe(400);
  });

  it('is read back as it was written, whatever is in it', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, async address => {
        const body = new URLSearchParams({ address }).toString();
        const form = readForm(post(body), { address: 1000 });
        const odd = /[\p{Cc}\p{Zl}\p{Zp}]/u.test(address);
        await (odd
          ? expect(form).rejects.toThrow(FormError)
          : expect(form).resolves.toEqual({ address }));
      }),
    );
  });

  it('never breaks anything, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async bytes => {
        expect([200, 400]).toContain(await statusOf(bytes));
      }),
    );
  });
});

describe('a form of an editor', () => {
  it('may have lines, and a name many times, in its order', async () => {
    const fields = await readFields(post('intro=One%0D%0Atwo&pick=b&pick=a&__proto__=x'));
    expect(fields.texts.intro).toBe('One\r\ntwo');
    expect(fields.texts.pick).toBe('b');
    expect(fields.all('pick')).toEqual(['b', 'a']);
    expect(await fields.file('pick')).toBeNull();
  });

  it('may bring files', async () => {
    const form = new FormData();
    form.set('from', 'file');
    form.set('file', new File(['a,b'], 'list.csv'));
    form.set('none', new File([], ''));
    const fields = await readFields(new Request('http://x.test/', { method: 'POST', body: form }));
    expect(fields.texts).toMatchObject({ from: 'file' });
    expect(await fields.file('file')).toEqual({ name: 'list.csv', bytes: Buffer.from('a,b') });
    expect(await fields.file('none')).toBeNull();
  });

  it.each([
    ['garbled parts', '--x', 'multipart/form-data; boundary=x', 400],
    ['bytes that are no UTF-8', 'intro=%ff', type, 400],
    ['another type', '{}', 'application/json', 415],
  ])('is refused with %s', async (_title, body, contentType, status) => {
    await expect(readFields(post(body, contentType))).rejects.toMatchObject({ status });
  });
});
