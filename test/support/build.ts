import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Vitest's global setup: compiles the program once, for the tests that run it as a process. */
export function setup(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = fileURLToPath(new URL('bin/tsc', `file://${manifest}`));
  // Types are looked at by `npm run types`; here they would only keep unrelated tests from running.
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck'], {
    cwd: root,
    stdio: 'inherit',
  });
  chmodSync(`${root}/dist/main.js`, 0o755);
}
