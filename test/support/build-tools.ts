import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiles the programs of `test/chaos/`, which run as processes. @returns their folder. */
export function buildChaos(): string {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = fileURLToPath(new URL('bin/tsc', `file://${manifest}`));
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.tools.json', '--noCheck'], {
    cwd: root,
    stdio: 'inherit',
  });
  return fileURLToPath(new URL('../../build/test/chaos/', import.meta.url));
}
