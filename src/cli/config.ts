import { describeConfig, loadConfig } from '../config/config.ts';
import { answer, answerJson, exitCodes, type Io, table } from './io.ts';

/** Shows the settings as they are understood; secrets are masked. */
export async function showConfig(io: Io, options: { json?: true }): Promise<number> {
  const config = loadConfig();
  const rows = describeConfig(config);
  if (options.json) {
    answerJson(io, { mode: config.mode, settings: rows });
  } else {
    const cells = rows.map(({ name, value, from }) => [name, value ?? '—', from ?? '']);
    const about =
      config.mode === 'demo'
        ? 'Nothing is set: this is the demo, which mails nobody.'
        : 'Sending for real.';
    answer(io, `${about}\n\n${table(cells)}`);
  }
  return exitCodes.done;
}
