import type { Frequency } from '../edition/edition.ts';
import { type Address, parseMailbox } from '../lib/address.ts';
import { InputError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Database } from '../store/database.ts';
import {
  confirmedSince,
  forget,
  leave,
  type OptOut,
  suppressAll,
  suppressedAmong,
  unsuppress,
} from '../store/leaving.ts';
import type { SuppressionReason } from '../store/schema.ts';
import { smtputf8Offered, suppressionKey } from '../store/settings.ts';
import {
  addGuests,
  addSubscribers,
  findSubscriber,
  type NewSubscriber,
  type Subscriber,
  subscribersAmong,
} from '../store/subscribers.ts';
import { suppressionHash } from './token.ts';

/** A person to be put on the list. */
export type Person = {
  readonly address: Address;
  readonly name: string | null;
  readonly frequency: Frequency;
};

/** Somebody who is not to be mailed; `since` as in `OptOut`. */
export type OptedOut = Pick<OptOut, 'reason' | 'since'> & { readonly address: Address };

/** Whether a person was added, and why not. */
export type Taken =
  | { readonly outcome: 'added' | 'there already'; readonly reason: string | null }
  | { readonly outcome: 'suppressed'; readonly reason: SuppressionReason };

/** What an import changes of the list. */
export type ListChanges = {
  /** Adds many at once; additive, revives nobody. @returns what became of each. */
  addAll(people: readonly Person[], source: string): Promise<readonly Taken[]>;
  /**
   * Suppresses many at once, whether or not they are on the list.
   * @returns the keys of those who stay, because they confirmed here since.
   */
  suppressAll(people: readonly OptedOut[]): Promise<ReadonlySet<string>>;
  /** What `mailableProblem` wants to know of the server; null where it was never asked. */
  smtputf8Offered(): Promise<boolean | null>;
};

/**
 * The list of subscribers: everything that a person or a file does to it by hand. Adding people,
 * guests too, throws an InputError and adds nobody where one of them cannot be mailed.
 */
export type List = ListChanges & {
  add(person: Person, source: string): Promise<Taken['outcome']>;
  /** Changes nothing, and says what would become of each if it did. */
  rehearsal(): ListChanges;
  /** Ids for `--to`: known readers as they are, others as guests; suppressed ones are left out. */
  guests(people: readonly Person[]): Promise<readonly number[]>;
  /** Ids of those of `people` who are known. */
  knownIds(people: readonly Person[]): Promise<readonly number[]>;
  /**
   * Those of `people` who may be mailed: nothing stands against their addresses. Throws an
   * InputError where one of them cannot be.
   */
  mailable(people: readonly Person[]): Promise<readonly Person[]>;
  find(text: string): Promise<Subscriber>;
  /** Takes one off the list for good; `unsuppress` is the way back. */
  remove(text: string, reason: SuppressionReason): Promise<Subscriber>;
  forget(text: string): Promise<Subscriber>;
  /** @returns false where nothing stood against the address. */
  unsuppress(text: string): Promise<boolean>;
};

/** The list in `db`. All `text` parameters are addresses as a person types them. */
export async function createList(db: Database, runtime: Runtime): Promise<List> {
  const key = await suppressionKey(db, runtime);
  const hash = (address: Address) => suppressionHash(key, address.key).toString('hex');
  const row = ({ address, name, frequency }: Person): NewSubscriber => ({
    address: address.address,
    addressKey: address.key,
    addressHash: hash(address),
    name,
    frequency,
  });
  const find = async (text: string) => {
    const address = readAddress(text);
    const found = await findSubscriber(db, address.key);
    if (!found) throw new InputError(`${address.address} is not on the list`);
    return found;
  };
  const refuseUnmailable = async (people: readonly Person[]) => {
    if (!people.some(({ address }) => address.utf8Local)) return;
    const offered = await smtputf8Offered(db);
    for (const { address } of people) {
      const problem = mailableProblem(address, offered);
      if (problem) throw unusable(address.address, problem);
    }
  };
  const optOuts = (people: readonly OptedOut[]) =>
    people.map(({ address, reason, since }) => {
      return { addressKey: address.key, addressHash: hash(address), reason, since };
    });
  const changes: ListChanges = {
    async addAll(people, source) {
      await refuseUnmailable(people);
      const batch = [...new Map(people.map(person => [person.address.key, row(person)])).values()];
      const { added, suppressed } = await addSubscribers(db, batch, source, runtime.now());
      return people.map(({ address: { key } }) => {
        const reason = suppressed.get(key);
        if (reason) return { outcome: 'suppressed', reason };
        // Once, though it may be there twice.
        return { outcome: added.delete(key) ? 'added' : 'there already', reason: null };
      });
    },
    suppressAll: people => suppressAll(db, optOuts(people), runtime.now()),
    smtputf8Offered: () => smtputf8Offered(db),
  };
  const rehearsal = (): ListChanges => {
    const gone = new Map<string, SuppressionReason>();
    const before = new Set<string>();
    return {
      ...changes,
      async suppressAll(people) {
        const stay = await confirmedSince(db, optOuts(people));
        for (const { address, reason } of people) {
          if (!stay.has(address.key)) gone.set(address.key, reason);
        }
        return stay;
      },
      async addAll(people) {
        const keys = people.map(({ address }) => address.key);
        const hashes = people.map(({ address }) => hash(address));
        const suppressed = await suppressedAmong(db, hashes);
        const known = (await subscribersAmong(db, keys)).filter(
          ({ status }) => status !== 'guest' && status !== 'pending',
        );
        const settled = new Set(known.map(({ addressKey }) => addressKey));
        return keys.map((key, at) => {
          const reason = suppressed.get(hashes[at] ?? '') ?? gone.get(key);
          if (reason) return { outcome: 'suppressed', reason };
          if (settled.has(key)) return { outcome: 'there already', reason: null };
          if (before.has(key))
            return { outcome: 'there already', reason: 'stands in the file before' };
          before.add(key);
          return { outcome: 'added', reason: null };
        });
      },
    };
  };
  return {
    ...changes,
    rehearsal,
    add: async (person, source) => {
      const [taken] = await changes.addAll([person], source);
      return taken?.outcome ?? 'there already';
    },
    async guests(people) {
      await refuseUnmailable(people);
      return addGuests(db, people.map(row), runtime.now());
    },
    async knownIds(people) {
      const keys = people.map(({ address }) => address.key);
      return (await subscribersAmong(db, keys)).map(({ id }) => id);
    },
    async mailable(people) {
      await refuseUnmailable(people);
      const suppressed = await suppressedAmong(
        db,
        people.map(({ address }) => hash(address)),
      );
      return people.filter(({ address }) => !suppressed.has(hash(address)));
    },
    find,
    async remove(text, reason) {
      const subscriber = await find(text);
      await leave(db, subscriber.id, reason, runtime.now());
      return subscriber;
    },
    async forget(text) {
      const subscriber = await find(text);
      await forget(db, subscriber.id, runtime.now());
      return subscriber;
    },
    unsuppress: async text => (await unsuppress(db, hash(readAddress(text)), runtime.now())) > 0,
  };
}

/** One address that a person typed. Throws an InputError. */
export function readAddress(text: string): Address {
  return readPerson(text).address;
}

/** `Name <address>` or an address, as a person to be added. Throws an InputError. */
export function readPerson(text: string, frequency: Frequency = 'daily'): Person {
  const mailbox = parseMailbox(text);
  if (!mailbox.ok) throw unusable(text, mailbox.problem);
  return { ...mailbox.value, frequency };
}

const unusable = (text: string, problem: string) =>
  new InputError(`${JSON.stringify(text)} cannot be used as an address: ${problem}`);

/** Why an address cannot be mailed, for its owner; null where it can. `offered` as below. */
export function readerProblem({ utf8Local }: Address, offered: boolean | null): string | null {
  return utf8Local && !offered
    ? 'letters beyond ASCII before the @ are more than the mail server here can send to'
    : null;
}

/**
 * Why an address cannot be mailed, for who runs this; null where it can. `offered`: whether the
 * SMTP server offered SMTPUTF8 (RFC 6531) when it was asked last; null where it never was.
 */
export function mailableProblem({ utf8Local }: Address, offered: boolean | null): string | null {
  if (!utf8Local || offered) return null;
  const server =
    offered === null
      ? 'it is not known yet whether yours does; it is asked at the first connection'
      : 'yours does not';
  return `letters beyond ASCII before the @ need an SMTP server that offers SMTPUTF8, and ${server}`;
}
