import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measurePages, type PagesFigures } from './pages.ts';
import { measureRendering, type RenderingFigures, renderOnce } from './rendering.ts';
import { wireOf } from './run-contender.ts';
import { measureScale, type ScaleFigures } from './scale.ts';
import { compareSending, type Figures } from './sending.ts';
import { compareSigning, type SigningFigures } from './signing.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    whole: { type: 'boolean', default: false },
    // What one would set LANES to for a server of one's own.
    lanes: { type: 'string', default: '40' },
  },
});
const parts = ['rendering', 'signing', 'sending', 'scale', 'pages'];
if (!['', ...parts].includes(options.only))
  throw new Error(`--only takes one of ${parts.join(', ')}`);
const wants = (part: string) => options.only === '' || options.only === part;

const rendering = wants('rendering') ? await measureRendering(options) : null;
if (rendering && !options.json) print(renderingLines(rendering));
const contenders = wants('sending')
  ? await compareSending(await renderOnce(), { quick: options.quick, lanes: Number(options.lanes) })
  : null;
const ratios = contenders && ratiosOf(contenders);
if (contenders && ratios && !options.json) print(sendingLines(contenders, ratios));
const signing = wants('signing') ? await compareSigning(wireOf(await renderOnce()), options) : null;
if (signing && !options.json) print(signingLines(signing));
const scale = wants('scale') ? await measureScale(await renderOnce(), options) : null;
if (scale && !options.json) print(scaleLines(scale));
const pages = wants('pages') ? await measurePages(options) : null;
if (pages && !options.json) print(pagesLines(pages));
if (options.json) {
  const sending = contenders && { contenders, ratios };
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  print([
    JSON.stringify(
      { machine, quick: options.quick, rendering, sending, signing, scale, pages },
      null,
      2,
    ),
  ]);
}

type Ratios = Readonly<Record<string, number>>;

/** How ours compares, where both sides were measured; above 1 is better but for the CPU's. */
function ratiosOf(contenders: Readonly<Record<string, Figures>>): Ratios {
  const { ours, 'ours, signed': oursSigned } = contenders;
  const { 'nodemailer pool': pool, 'nodemailer pool, signed': poolSigned } = contenders;
  const { 'smtp-source': source } = contenders;
  const all = {
    'rate, ours to smtp-source': ratio(ours?.rate, source?.rate),
    'rate, ours to nodemailer pool': ratio(ours?.rate, pool?.rate),
    'rate signed, ours to nodemailer pool': ratio(oursSigned?.rate, poolSigned?.rate),
    'CPU a message, ours to nodemailer pool': ratio(ours?.cpuMs, pool?.cpuMs),
    'CPU a message signed, ours to nodemailer pool': ratio(oursSigned?.cpuMs, poolSigned?.cpuMs),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => Number.isFinite(value)));
}

function ratio(a = Number.NaN, b = Number.NaN): number {
  return a / b;
}

function renderingLines(figures: RenderingFigures): string[] {
  const { digest, papers, picks, htmlBytes, allMs, stagesMs, previewMs } = figures;
  const share = (ms: number) => `${((100 * ms) / allMs).toFixed(0).padStart(4)} %`;
  const stages = Object.entries(stagesMs).map(
    ([stage, ms]) => `  ${stage.padEnd(10)}${ms.toFixed(2).padStart(9)} ms ${share(ms)}`,
  );
  return [
    `One edition from ${digest}: ${picks} of ${papers} papers, ${(htmlBytes / 1000).toFixed(1)} KB of HTML`,
    ...stages,
    `  ${'all, warm'.padEnd(10)}${allMs.toFixed(2).padStart(9)} ms`,
    `  preview --out, the whole process: ${previewMs.toFixed(0)} ms`,
    '',
  ];
}

function pagesLines(figures: PagesFigures): string[] {
  const { bareRate, oursRate, pageBytes, delivering, pages, leaving, answers } = figures;
  const medians = Object.entries(answers).map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`);
  const times = ({ p50, p99, max }: PagesFigures['pages']) =>
    `half within ${p50.toFixed(1)} ms, 99 % within ${p99.toFixed(1)} ms, all within ${max.toFixed(0)} ms`;
  return [
    `The first page, ${(pageBytes / 1000).toFixed(1)} KB`,
    `  answers/s: bare node:http ${bareRate.toFixed(0)}, ours ${oursRate.toFixed(0)}; ratio ${(oursRate / bareRate).toFixed(2)}`,
    `While the same process delivers ${delivering.toFixed(0)} messages/s`,
    `  500 first pages a second: ${times(pages)}`,
    `  20 one-click unsubscriptions a second: ${times(leaving)}`,
    `Signing up an address, medians of 200: ${medians.join(', ')}`,
    '',
  ];
}

function sendingLines(contenders: Readonly<Record<string, Figures>>, ratios: Ratios): string[] {
  const cell = (value: number, digits: number) =>
    (Number.isNaN(value) ? '—' : value.toFixed(digits)).padStart(12);
  const rows = Object.entries(contenders).map(
    ([name, { rate, cpuMs, rssMb }]) =>
      `  ${name.padEnd(26)}${cell(rate, 0)}${cell(cpuMs, 3)}${cell(rssMb, 0)}`,
  );
  const heads = ['messages/s', 'CPU ms/msg', 'peak MB'].map(head => head.padStart(12)).join('');
  return [
    'Sending that edition over SMTP on this machine',
    `  ${''.padEnd(26)}${heads}`,
    ...rows,
    '',
    ...Object.entries(ratios).map(([name, value]) => `  ${name.padEnd(48)}${value.toFixed(2)}`),
    '',
  ];
}

function signingLines({ bare, ours, cpuRatio, wallRatio }: SigningFigures): string[] {
  return [
    'Signing one message: a bare SHA-256 and RSA-2048 signature, and ours',
    `  bare ${bare.cpuMs.toFixed(3)} ms of CPU, ours ${ours.cpuMs.toFixed(3)} ms`,
    `  ratio of CPU ${cpuRatio.toFixed(2)}, of time ${wallRatio.toFixed(2)}`,
    '',
  ];
}

function scaleLines(all: readonly ScaleFigures[]): string[] {
  const rows = all.map(
    ({ readers, messages, rssMb, freezeSeconds, longestHoldMs }) =>
      `  ${readers} readers: frozen in ${freezeSeconds.toFixed(2)} s, at most ${longestHoldMs.toFixed(1)} ms at a time; ${rssMb.toFixed(0)} MB at most while sending ${messages}`,
  );
  const [few, many] = all;
  const growth = few && many ? ratio(many.rssMb, few.rssMb).toFixed(2) : '';
  return ['The same edition to long lists', ...rows, `  ratio of memory ${growth}`, ''];
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
