#!/usr/bin/env node
import { messageOf, shortageOf } from './lib/errors.ts';

try {
  const { keepMemorySmall } = await import('./lib/runtime.ts');
  keepMemorySmall();
  const { run } = await import('./cli/run.ts');
  process.exitCode = await run(process.argv.slice(2), process);
} catch (error) {
  // Not even the command line could be loaded.
  process.stderr.write(`paperround: ${shortageOf(error) ?? messageOf(error)}\n`);
  process.exitCode = 1;
}
