import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realSettings } from './app.ts';
import { type Result, runCli } from './cli.ts';
import { tempFolder } from './temp-folder.ts';

type Settings = Readonly<Record<string, string>>;

/** A folder in which the program runs as an installation of its own. */
export type Place = {
  readonly cwd: string;
  /** The settings, those of the environment included. */
  readonly env: Settings;
  run(...args: string[]): Promise<Result>;
  write(name: string, content: string | Buffer): void;
};

/** A place set up to send for real, with an empty database; nobody answers but where told so. */
export function aPlace(settings: Settings = {}): Place {
  const cwd = tempFolder();
  const env = {
    ...realSettings('smtp://127.0.0.1:1'),
    DATABASE_URL: 'sqlite:papers.db',
    ...settings,
  };
  return {
    cwd,
    env,
    run: (...args) => runCli(args, { cwd, env }),
    write: (name, content) => writeFileSync(join(cwd, name), content),
  };
}
