import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWireTemplate, type WireTemplate } from '../../src/mail/message/wire-template.ts';
import type { Rendered } from '../../src/mail/render/rendered.ts';
import type { Result, Task } from './contender.ts';

const script = fileURLToPath(new URL('./contender.js', import.meta.url));

/** Runs a contender in a process of its own. */
export function runContender(task: Task): Result {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
  try {
    const file = join(folder, 'task.json');
    writeFileSync(file, JSON.stringify(task));
    const printed = execFileSync(process.execPath, [script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(printed.toString());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The rendered edition's wire template, as an installation with a public address makes it. */
export function wireOf(rendered: Rendered): WireTemplate {
  const sender = {
    from: { name: 'Daily Papers', address: 'papers@example.org' },
    replyTo: null,
    listName: 'Daily Papers',
    unsubscribeBase: 'https://news.example.org/unsubscribe/',
  };
  return buildWireTemplate(rendered, sender, { sendAt: Date.UTC(2025, 8, 3), seed: 'bench' });
}
