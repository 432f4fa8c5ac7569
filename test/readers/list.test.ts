import { describe, expect, it } from 'vitest';
import { createList, mailableProblem, readPerson } from '../../src/readers/list.ts';
import { rememberSmtputf8 } from '../../src/store/settings.ts';
import { countSubscribers } from '../../src/store/subscribers.ts';
import { addReaders, startApp } from '../support/app.ts';
import { startDatabase } from '../support/database.ts';
import { testRuntime } from '../support/runtime.ts';

const ada = readPerson('Ada Lovelace <ada@example.org>');
const emmy = readPerson('emmy@example.org', 'weekly');

async function aList() {
  const db = await startDatabase();
  return createList(db, testRuntime());
}

describe('the list', () => {
  it('takes a person once, however the address is written', async () => {
    const list = await aList();
    expect(await list.add(ada, 'cli')).toBe('added');
    expect(await list.add(readPerson('ADA@EXAMPLE.ORG'), 'cli')).toBe('there already');
    expect(await list.find('Ada@Example.org')).toMatchObject({
      address: 'ada@example.org',
      name: 'Ada Lovelace',
      source: 'cli',
    });
  });

  it('knows an international domain in both its forms', async () => {
    const list = await aList();
    await list.add(readPerson('jo@münchen.example'), 'cli');
    expect(await list.find('jo@xn--mnchen-3ya.example')).toMatchObject({
      address: 'jo@xn--mnchen-3ya.example',
    });
  });

  it('counts who was new, there, and suppressed', async () => {
    const list = await aList();
    await list.add(ada, 'cli');
    await list.add(emmy, 'cli');
    await list.remove('emmy@example.org', 'editor');
    const people = [ada, emmy, readPerson('new@example.org'), readPerson('New@example.org')];
    expect(await list.addAll(people, 'x')).toEqual([
      { outcome: 'there already', reason: null },
      { outcome: 'suppressed', reason: 'editor' },
      { outcome: 'added', reason: null },
      { outcome: 'there already', reason: null },
    ]);
  });

  it('keeps who was removed away, until that is undone', async () => {
    const list = await aList();
    await list.add(ada, 'cli');
    await list.remove('ada@example.org', 'editor');
    expect(await list.add(ada, 'cli')).toBe('suppressed');
    expect(await list.unsuppress('ada@example.org')).toBe(true);
    expect(await list.find('ada@example.org')).toMatchObject({ status: 'active' });
    expect(await list.unsuppress('ada@example.org')).toBe(false);
  });

  it('forgets a person so that only the hash knows', async () => {
    const list = await aList();
    await list.add(ada, 'cli');
    await list.forget('ada@example.org');
    await expect(list.find('ada@example.org')).rejects.toThrow(
      'ada@example.org is not on the list',
    );
    expect(await list.add(ada, 'cli')).toBe('suppressed');
  });

  it('names who cannot be found', async () => {
    const list = await aList();
    await expect(list.find('nobody@example.org')).rejects.toThrow('is not on the list');
    await expect(list.remove('nobody@example.org', 'editor')).rejects.toThrow('not on the list');
  });

  it('gives ids for a mail to named people, without those who left', async () => {
    const list = await aList();
    await list.add(ada, 'cli');
    await list.add(emmy, 'cli');
    await list.remove('emmy@example.org', 'left');
    const named = [ada, emmy, readPerson('guest@example.org')];
    expect(await list.guests(named)).toHaveLength(2);
    expect(await list.mailable(named)).toEqual([ada, named[2]]);
    expect(await list.find('guest@example.org')).toMatchObject({ status: 'guest' });
  });

  it('hashes addresses with a key of the installation', async () => {
    const [one, other] = [await startApp(), await startApp()];
    await Promise.all([addReaders(one, ['a@example.org']), addReaders(other, ['a@example.org'])]);
    const hashes = await Promise.all(
      [one, other].map(({ db }) => db.selectFrom('subscribers').select('addressHash').execute()),
    );
    expect(hashes[0]).not.toEqual(hashes[1]);
  });
});

describe('people whose addresses are beyond ASCII', () => {
  const people = [ada, readPerson('jörg@example.org')];
  const need = 'letters beyond ASCII before the @ need an SMTP server that offers SMTPUTF8, and';
  const unknown = 'it is not known yet whether yours does; it is asked at the first connection';

  it.each([
    [null, `${need} ${unknown}`],
    [false, `${need} yours does not`],
    [true, null],
  ])('can be mailed, or it is said why not (offered: %s)', (offered, problem) => {
    const problems = people.map(({ address }) => mailableProblem(address, offered));
    expect(problems).toEqual([null, problem]);
  });

  it('join where the server is known to offer SMTPUTF8', async () => {
    const db = await startDatabase();
    const list = await createList(db, testRuntime());
    await rememberSmtputf8(db, true);
    const added = { outcome: 'added' };
    expect(await list.addAll(people, 'x')).toMatchObject([added, added]);
    expect(await list.find('JÖRG@example.org')).toMatchObject({ address: 'jörg@example.org' });
    expect(await list.guests([readPerson('ödön@example.org')])).toHaveLength(1);
    expect(await list.mailable(people)).toEqual(people);
    expect(await list.remove('jörg@example.org', 'editor')).toMatchObject({ name: null });
    expect(await list.find('jörg@example.org')).toMatchObject({ status: 'unsubscribed' });
  });

  it.each([null, false])('are refused where it is not, and nobody joins (%s)', async offered => {
    const db = await startDatabase();
    const list = await createList(db, testRuntime());
    if (offered !== null) await rememberSmtputf8(db, offered);
    const message = `"jörg@example.org" cannot be used as an address: ${need} `;
    const jörg = readPerson('jörg@example.org');
    await expect(list.add(jörg, 'x')).rejects.toThrow(message);
    for (const refused of [list.addAll(people, 'x'), list.guests(people), list.mailable(people)]) {
      await expect(refused).rejects.toThrow(message);
    }
    expect(await countSubscribers(db)).toEqual({});
    expect(await list.knownIds(people)).toEqual([]);
  });

  it('can be taken off the list whatever the server offers now', async () => {
    const db = await startDatabase();
    const list = await createList(db, testRuntime());
    await rememberSmtputf8(db, true);
    await list.addAll(people, 'x');
    await rememberSmtputf8(db, false);
    await list.remove('jörg@example.org', 'editor');
    expect(await list.unsuppress('jörg@example.org')).toBe(true);
    expect(await list.forget('jörg@example.org')).toMatchObject({ address: 'jörg@example.org' });
  });
});

describe('a person that somebody typed', () => {
  it.each([
    'ada@example.org\r\nBcc: victim@example.org',
    'ada@example.org, emmy@example.org',
    'no address',
    '',
  ])('is refused with what was typed and why: %j', text => {
    expect(() => readPerson(text)).toThrow(
      `${JSON.stringify(text)} cannot be used as an address: `,
    );
  });

  it('may have letters beyond ASCII before the @', () => {
    expect(readPerson('Jörg <jörg@example.org>').address).toMatchObject({ utf8Local: true });
  });
});
