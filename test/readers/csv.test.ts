import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/lib/errors.ts';
import { writeSubscriberCsv } from '../../src/readers/csv.ts';
import {
  checkSubscriberFile,
  type ListRow,
  readSubscriberRows,
} from '../../src/readers/list-file.ts';

async function* chunks(...parts: (string | Uint8Array)[]) {
  yield* parts;
}

/** Rows as `line address|name|frequency`, `line !reason`, `line -reason`, `line ×address reason`. */
async function read(...parts: (string | Uint8Array)[]): Promise<string[]> {
  const rows: string[] = [];
  for await (const row of readSubscriberRows(chunks(...parts), 'list.csv')) {
    rows.push(`${row.line} ${shown(row)}`);
  }
  return rows;
}

function shown(row: ListRow): string {
  if (row.kind === 'bad') return `!${row.reason}`;
  if (row.kind === 'skipped') return `-${row.reason}`;
  if (row.kind === 'opted out') return `×${row.address.address} ${row.reason}`;
  return [row.address.address, row.name ?? '', row.frequency ?? ''].join('|');
}

describe('a list of subscribers', () => {
  it.each([
    ['one address a line', 'a@x.test\nb@x.test\n', ['1 a@x.test||', '2 b@x.test||']],
    ['no line end at the end', 'a@x.test', ['1 a@x.test||']],
    ['CRLF and a byte order mark', '\ufeffemail\r\na@x.test\r\n', ['2 a@x.test||']],
    ['the line ends of an old Mac', 'email\ra@x.test\rb@x.test', ['2 a@x.test||', '3 b@x.test||']],
    [
      'comments and empty lines',
      '# ours\n\na@x.test\n# b\n\nc@x.test',
      ['3 a@x.test||', '6 c@x.test||'],
    ],
    ['a heading', 'Name,E-Mail\nAda,a@x.test', ['2 a@x.test|Ada|']],
    [
      'other columns',
      'id,email,town\n1,a@x.test,"Bath,\nAvon"\n2,b@x.test,',
      ['2 a@x.test||', '4 b@x.test||'],
    ],
    ['bars', 'email|name\na@x.test|Ada', ['2 a@x.test|Ada|']],
    ['a word to Excel', 'sep=;\nemail;name\na@x.test;Ada', ['3 a@x.test|Ada|']],
    ['names in two columns', 'Nom;Prénom;Adresse e-mail\nB;Ada;a@x.test', ['2 a@x.test|Ada B|']],
    ['a first name beside a last', 'Vorname,Name,E-Mail\nAda,B,a@x.test', ['2 a@x.test|Ada B|']],
    ['a first name in a whole', 'First name,Name,Mail\nAda,Ada B,a@x.test', ['2 a@x.test|Ada B|']],
    ['semicolons', 'email;name\na@x.test;Lovelace, Ada', ['2 a@x.test|Lovelace, Ada|']],
    ['tabs', 'a@x.test\tAda\tweekly', ['1 a@x.test|Ada|weekly']],
    ['no heading', 'a@x.test, "Lovelace; Ada; L" , Daily', ['1 a@x.test|Lovelace; Ada; L|daily']],
    ['names with addresses', 'email\nAda L <a@x.test>', ['2 a@x.test|Ada L|']],
    ['addresses of both kinds', 'address,email\n1 Main Street,a@x.test', ['2 a@x.test||']],
    ['short rows', 'email,name,frequency\na@x.test', ['2 a@x.test||']],
    ['a heading of another language', 'Teilnehmer\na@x.test', ['1 !it has no @', '2 a@x.test||']],
    ['nobody yet', 'email,name\n', []],
  ])('may have %s', async (_, text, rows) => expect(await read(text)).toEqual(rows));

  it('goes on after rows that cannot be used, and says where and why', async () => {
    const text =
      'email,name,frequency\nnobody,,\n,Ada,\na@x.test,,hourly\nb@x.test,,\nc@x.test;d@x.test';
    expect(await read(text)).toEqual([
      '2 !it has no @',
      '3 !no address',
      '4 !the frequency is neither daily nor weekly',
      '5 b@x.test||',
      '6 !it is not one plain address',
    ]);
  });

  it('tells readers who are not to be mailed, and why', async () => {
    const text =
      'email,status\na@x.test,Active\nb@x.test,unsubscribed\nc@x.test,bounced\nd@x.test,pending\ne@x.test,';
    expect(await read(text)).toEqual([
      '2 a@x.test||',
      '3 ×b@x.test left',
      '4 ×c@x.test bounced',
      '5 -status is pending',
      '6 e@x.test||',
    ]);
  });

  const excel = '\ufeff# Grüße\r\nemail;name\r\na@bücher.test;"Zoë ""Z"""\r\n\r\nb@x.test;\r';

  it.each([
    ['UTF-8', Buffer.from(excel)],
    ['UTF-8 without a mark', Buffer.from(excel.slice(1))],
    ['UTF-16', Buffer.from(excel, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(excel, 'utf16le').swap16()],
    ['Windows-1252', Buffer.from(excel.slice(1), 'latin1')],
  ])('is the same wherever its bytes are cut: %s', async (_, bytes) => {
    const whole = await read(bytes);
    expect(whole).toEqual(['3 a@xn--bcher-kva.test|Zoë "Z"|', '5 b@x.test||']);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(await read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
    }
    expect(await read(...[...bytes].map(byte => Uint8Array.of(byte)))).toEqual(whole);
  });
});

describe('a file that is no list', () => {
  it.each([
    ['is empty', '', 'list.csv: the file is empty'],
    ['is comments only', '# a\n\n', 'list.csv: the file is empty'],
    [
      'has an address with a line break in it',
      'email,name\nc@x.test,\n"a@b.test\r\nBcc: x@y.test",Ada',
      'list.csv:3: a line break inside an address',
    ],
    [
      'has a name with a line break in it',
      'a@b.test,"Ada\nb@b.test,Bob"',
      'list.csv:1: a line break inside',
    ],
    [
      'has a quote left open',
      'email,name\na@x.test,"Ada\nb@x.test,\n',
      'list.csv: from line 2 on: a quote that is left open',
    ],
    [
      'has a quote inside a word',
      'email,name\na@x.test,\nb@x.test,Ada "L" B\n',
      'list.csv: from line 3 on: a quote',
    ],
    [
      'has a quote closed too early',
      'email,name\na@x.test,"Ada" L\n',
      'list.csv: from line 2 on: a quote',
    ],
    ['has no column for addresses', 'name,town\nAda,Bath', 'list.csv:1: no column is called email'],
    [
      'has a row without end',
      `a@x.test\n${'x'.repeat(70_000)}`,
      'list.csv: from line 2 on: a row longer than',
    ],
    [
      'has a first row without end',
      'x'.repeat(200_000),
      'list.csv: from line 1 on: a row longer than',
    ],
    ['has NUL in it', 'a@x.test\nb\0@x.test', 'list.csv: not UTF-8 text, from line 1 on'],
  ])('is refused as a whole: it %s', async (_, text, message) => {
    const check = checkSubscriberFile(chunks(text), 'list.csv');
    await expect(check).rejects.toThrow(InputError);
    await expect(checkSubscriberFile(chunks(text), 'list.csv')).rejects.toThrow(message);
  });

  it.each([
    ['UTF-16 without a mark', Buffer.from('a@x.test\n', 'utf16le')],
    ['Cyrillic in Windows-1251', Buffer.from('a@x.test,\xc8\xe2\xe0\xed\n', 'latin1')],
    ['a cut letter', Buffer.from('a@x.test,Zoë').subarray(0, -1)],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ])('is refused: %s', async (_, bytes) => {
    await expect(checkSubscriberFile(chunks(bytes), 'list.csv')).rejects.toThrow(/not UTF-8 text/);
  });

  it('passes on what went wrong with reading it', async () => {
    async function* broken() {
      yield 'a@x.test\n';
      throw new Error('disk on fire');
    }
    await expect(checkSubscriberFile(broken(), 'list.csv')).rejects.toThrow('disk on fire');
  });
});

describe('a long list', () => {
  it('is read as it comes, not kept', async () => {
    let made = 0;
    async function* endless() {
      for (;;) {
        made += 1;
        yield `reader${made}@x.test\n`.repeat(100);
      }
    }
    let taken = 0;
    for await (const row of readSubscriberRows(endless(), 'list.csv')) {
      expect(row.kind).toBe('subscriber');
      taken += 1;
      if (taken === 20_000) break;
    }
    expect(made * 100).toBeLessThan(taken + 20_000);
  });
});

describe('an exported list', () => {
  const written = async (rows: Parameters<typeof writeSubscriberCsv>[0]) => {
    let text = '';
    for await (const part of writeSubscriberCsv(rows)) text += part;
    return text;
  };

  it('has a line for each subscriber under a heading', async () => {
    const rows = [
      { address: 'a@x.test', name: 'Lovelace, "Ada"', status: 'active', frequency: 'daily' },
      { address: '#b@x.test', name: null, status: 'unsubscribed', frequency: 'weekly' },
    ];
    expect(await written(rows)).toBe(
      'email,name,status,frequency\n' +
        'a@x.test,"Lovelace, ""Ada""",active,daily\n' +
        '"#b@x.test",,unsubscribed,weekly\n',
    );
  });

  it('has nothing that a spreadsheet would run', async () => {
    const row = { name: '=HYPERLINK("http://x")', status: 'active', frequency: 'daily' };
    expect(await written([{ ...row, address: '+a@x.test' }])).toContain(
      `'+a@x.test,"'=HYPERLINK(""http://x"")",`,
    );
  });

  it('reads back as it was', async () => {
    const atext = [..."abcXYZ019!#$%&'*+/=?^_`{|}~-"];
    const local = fc.string({ unit: fc.constantFrom(...atext), minLength: 1, maxLength: 9 });
    const letter = fc.constantFrom(...atext, ...'",;\t #@<>é漢');
    const name = fc
      .string({ unit: letter, maxLength: 12 })
      .map(text => text.replace(/\s+/g, ' ').trim());
    const row = fc.record({ local, name, frequency: fc.constantFrom('daily', 'weekly') });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async rows => {
        const subscribers = rows.map(row => ({
          address: `${row.local}@x.test`,
          name: row.name || null,
          status: 'active',
          frequency: row.frequency,
        }));
        const expected = subscribers.map(
          (s, i) => `${i + 2} ${s.address}|${s.name ?? ''}|${s.frequency}`,
        );
        expect(await read(await written(subscribers))).toEqual(expected);
      }),
    );
  });
});
