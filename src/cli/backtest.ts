import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mastheadOf, templatesOf } from '../app.ts';
import { loadConfig } from '../config/config.ts';
import {
  type Backtest,
  type BacktestDay,
  backtest,
  type StoredList,
} from '../delivery/backtest.ts';
import { isDay } from '../lib/day.ts';
import { InputError, messageOf } from '../lib/errors.ts';
import { createRuntime } from '../lib/runtime.ts';
import { createRenderer } from '../mail/render/renderer.ts';
import { answer, answerJson, count, exitCodes, type Io, say, table } from './io.ts';

/** `late`: per cent of each list that come only after the morning. */
export type BacktestOptions = {
  readonly papers?: number;
  readonly late?: number;
  readonly json?: true;
};

/** Makes the edition of every stored day in a folder, one after the other, and shows the figures. */
export async function showBacktest(
  io: Io,
  folder: string,
  options: BacktestOptions,
): Promise<number> {
  const config = loadConfig();
  const runtime = createRuntime(config.logLevel);
  const tested = await backtest(storedLists(folder), {
    papers: options.papers ?? config.papers,
    late: (options.late ?? 0) / 100,
    renderer: createRenderer({ templates: templatesOf(config) }),
    masthead: mastheadOf(config),
    runtime,
  });
  const sum = sumOf(tested);
  if (options.json) {
    answerJson(io, { ...tested, sum });
    return exitCodes.done;
  }
  for (const { reason } of tested.skipped) say(io, `left out: ${reason}`);
  answer(io, table([columns, ...tested.days.map(row)]));
  answer(io, `\n${describe(sum)}`);
  return exitCodes.done;
}

/** The lists `YYYY-MM-DD.json` and `.json.gz` in a folder, in the order of their days. */
export function storedLists(folder: string): StoredList[] {
  const lists = filesOf(folder).flatMap(name => {
    const day = name.slice(0, 10);
    if (!isDay(day) || !/^\.json(?:\.gz)?$/.test(name.slice(10))) return [];
    return [{ name, day, read: () => readList(join(folder, name)) }];
  });
  if (lists.length > 0) return lists;
  throw new InputError(`${folder}: it holds no file named like 2025-09-03.json or .json.gz.`);
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const words = `${folder}: it cannot be read as a folder of stored answers`;
    throw new InputError(`${words}: ${messageOf(error)}`, { cause: error });
  }
}

function readList(path: string): Uint8Array {
  try {
    const bytes = readFileSync(path);
    return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  } catch (error) {
    throw new InputError(`${path}: it cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function sumOf({ days, skipped }: Backtest) {
  const total = (of: keyof BacktestDay) => days.reduce((sum, day) => sum + Number(day[of]), 0);
  const most = (of: keyof BacktestDay) => Math.max(0, ...days.map(day => Number(day[of])));
  return {
    days: days.length,
    skipped: skipped.length,
    papers: total('papers'),
    picks: total('picks'),
    carriedOver: total('carriedOver'),
    carriedListed: total('carriedListed'),
    listed: total('listed'),
    neverSent: total('neverSent'),
    repeats: total('repeats'),
    mostHtmlBytes: most('htmlBytes'),
    mostTextBytes: most('textBytes'),
    mostMs: most('ms'),
    ms: total('ms'),
  };
}

const columns = 'day papers picks late listed late never repeats html text ms'.split(' ');

function row(day: BacktestDay): string[] {
  const { papers, picks, carriedOver, listed, carriedListed, neverSent, repeats } = day;
  const counts = [papers, picks, carriedOver, listed, carriedListed, neverSent, repeats];
  return [day.day, ...[...counts, day.htmlBytes, day.textBytes, day.ms].map(String)];
}

function describe(sum: ReturnType<typeof sumOf>): string {
  return [
    `${count(sum.days, 'day')}, ${sum.skipped} left out, ${count(sum.papers, 'paper')}`,
    `picked      ${sum.picks}, of them ${sum.carriedOver} of earlier days; ${sum.repeats} twice`,
    `listed      ${sum.listed}, of them ${sum.carriedListed} of earlier days`,
    `never sent  ${sum.neverSent}`,
    `largest     ${sum.mostHtmlBytes} bytes of HTML, ${sum.mostTextBytes} of text`,
    `time        ${sum.mostMs} ms the slowest day, ${sum.ms} ms all`,
  ].join('\n');
}
