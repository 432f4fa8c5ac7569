import { InputError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../store/database.ts';
import { forget, leave, unsuppress } from '../store/leaving.ts';
import type { SuppressionReason } from '../store/schema.ts';
import { suppressionKey } from '../store/settings.ts';
import {
  addGuests,
  addSubscribers,
  findIds,
  findSubscriber,
  type NewSubscriber,
  type Subscriber,
  suppressedAmong,
} from '../store/subscribers.ts';
import { type Address, parseMailbox } from './address.ts';
import { suppressionHash } from './token.ts';

/** A person to be put on the list. */
export type Person = {
  readonly address: Address;
  readonly name: string | null;
  readonly frequency: 'daily' | 'weekly';
};

/** Why a person was not added, or that they were. */
export type Added = 'added' | 'there already' | 'suppressed';

/** The list of subscribers: everything that a person or a file does to it by hand. */
export type List = {
  /** Adds many at once; additive, revives nobody. */
  addAll(
    people: readonly Person[],
    source: string,
  ): Promise<{ added: number; present: number; suppressed: number }>;
  add(person: Person, source: string): Promise<Added>;
  /** Ids for `--to`: known readers as they are, others as guests; suppressed ones are left out. */
  guests(people: readonly Person[]): Promise<readonly number[]>;
  /** Ids of those of `people` who are known. */
  knownIds(people: readonly Person[]): Promise<readonly number[]>;
  /** Those of `people` who may be mailed: nothing stands against their addresses. */
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
  const addAll: List['addAll'] = async (people, source) => {
    const batch = [...new Map(people.map(person => [person.address.key, row(person)])).values()];
    const { added, suppressed } = await addSubscribers(db, batch, source, runtime.now());
    return { added, suppressed, present: people.length - added - suppressed };
  };
  return {
    addAll,
    async add(person, source) {
      const { added, suppressed } = await addAll([person], source);
      if (suppressed > 0) return 'suppressed';
      return added > 0 ? 'added' : 'there already';
    },
    guests: people => addGuests(db, people.map(row), runtime.now()),
    knownIds: people =>
      findIds(
        db,
        people.map(({ address }) => address.key),
      ),
    async mailable(people) {
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

/** One address that a person typed; ASCII before the @, for not every server takes more. */
export function readAddress(text: string): Address {
  return readPerson(text).address;
}

/** `Name <address>` or an address, as a person to be added. Throws an InputError. */
export function readPerson(text: string, frequency: 'daily' | 'weekly' = 'daily'): Person {
  const mailbox = parseMailbox(text);
  const problem = mailbox.ok ? asciiProblem(mailbox.value.address) : mailbox.problem;
  if (!mailbox.ok || problem) {
    throw new InputError(`${JSON.stringify(text)} cannot be used as an address: ${problem}`);
  }
  return { ...mailbox.value, frequency };
}

/** What keeps an address from being mailed by every server: letters beyond ASCII before the @. */
export function asciiProblem(address: Address): string | null {
  return address.utf8Local ? 'letters beyond ASCII before the @ are not supported yet' : null;
}
