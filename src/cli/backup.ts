import { backup } from '../store/database.ts';
import { exitCodes, type Io, say } from './io.ts';
import { withApp } from './setup.ts';

/** Writes a consistent copy of the running database to a new file. */
export function makeBackup(io: Io, file: string): Promise<number> {
  return withApp(async ({ db, config }) => {
    await backup(db, file);
    say(io, `${config.database.path} was copied to ${file}`);
    return exitCodes.done;
  });
}
