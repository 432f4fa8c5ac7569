import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';

/** Puts `count` active daily readers on the list, in one statement a hundred thousand. */
export async function addReaders(db: Database, count: number, now: number): Promise<void> {
  const step = 100_000;
  for (let from = 1; from <= count; from += step) {
    const to = Math.min(from + step - 1, count);
    await sql`
      with recursive reader (id) as
        (select ${from} union all select id + 1 from reader where id < ${to})
      insert into subscribers
        (address, address_key, address_hash, name, status, frequency, source, created_at, changed_at)
      select 'reader' || cast(id as integer) || '@sink.example',
        'reader' || cast(id as integer) || '@sink.example', hex(randomblob(32)), null, 'active',
        'daily', 'bench', ${now}, ${now} from reader`.execute(db);
  }
}
