#!/usr/bin/env node
import { run } from './cli/run.ts';
import { keepMemorySmall } from './lib/runtime.ts';

keepMemorySmall();
process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
