import { renderOnce } from './edition.ts';
import { compareSending } from './sending.ts';

const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const rendered = await renderOnce();
const sending = await compareSending(rendered, { quick });
if (json) process.stdout.write(`${JSON.stringify({ sending }, null, 2)}\n`);
