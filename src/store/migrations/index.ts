import type { Kysely } from 'kysely';
import { firstEdition } from './0001-first-edition.ts';
import { readers } from './0002-readers.ts';
import { digests } from './0003-digests.ts';
import { desk } from './0004-desk.ts';
import { schedule } from './0005-schedule.ts';
import { refusals } from './0006-refusals.ts';

/** In order; a migration's number is its place, from 1. Never edit one that was released. */
export const migrations: readonly ((db: Kysely<unknown>) => Promise<void>)[] = [
  firstEdition,
  readers,
  digests,
  desk,
  schedule,
  refusals,
];
