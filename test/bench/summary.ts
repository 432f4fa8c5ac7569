import { readable } from '../../src/digest/paper.ts';
import { sentences } from '../../src/edition/sentences.ts';
import { summarise } from '../../src/edition/summarise.ts';
import { corpusFiles, corpusPath, readCorpusFile } from '../support/corpora.ts';
import { rouge } from './rouge.ts';

/** What editions ask for of most papers. */
const maxChars = 320;
const year = '2025';

type Paper = { readonly abstract: string; readonly tldr: string };
type Summary = (abstract: string, tldr: string) => string;
type Answer = readonly {
  readonly paper?: { readonly summary: string; readonly ai_summary?: string };
}[];

const days = corpusFiles('huggingface', '.json.gz')
  .filter(file => file.startsWith(year))
  .map(papersOf)
  .filter(papers => papers.length > 0);
const papers = days.flat();
if (papers.length === 0) {
  console.error(
    `No answers of ${year} with one-line summaries to compare ours with: ${corpusPath('huggingface')}.
PAPERROUND_CORPORA names the folder in which huggingface/${year}-….json.gz are looked for.`,
  );
  process.exit(1);
}

const ours: Summary = abstract => summarise(abstract, maxChars);
console.log(`${papers.length} papers of ${year}, in at most ${maxChars} characters, against`);
console.log('the lines that come with them (ROUGE-1 F over content words; see rouge.ts)\n');
console.log(row('', 'ROUGE-1 F', 'characters', 'ms', 'papers'));
print('leading sentences', papers, leading);
print('cue phrases', papers, byCuePhrases);
print('ours', papers, ours);
// Its figures were chosen on every second day; the others tell whether they hold elsewhere.
print('  days it was made on', everySecond(days, 0), ours);
print('  the other days', everySecond(days, 1), ours);
print('best sentence, knowing the line', papers, bestSentence);

function papersOf(file: string): readonly Paper[] {
  const answer: Answer = JSON.parse(readCorpusFile('huggingface', file).toString());
  // Some days were damaged where they were kept.
  if (!Array.isArray(answer)) return [];
  return answer.flatMap(({ paper }) =>
    paper?.ai_summary
      ? [{ abstract: readable(paper.summary), tldr: readable(paper.ai_summary) }]
      : [],
  );
}

function everySecond(days: readonly (readonly Paper[])[], from: number): readonly Paper[] {
  return days.filter((_, nth) => nth % 2 === from).flat();
}

function leading(abstract: string): string {
  const some: string[] = [];
  for (const sentence of sentences(abstract)) {
    if ([...some, sentence].join(' ').length > maxChars) break;
    some.push(sentence);
  }
  return some.join(' ') || abstract.slice(0, maxChars);
}

/** The first sentence with a usual phrase, and the next result where it fits. */
function byCuePhrases(abstract: string): string {
  const all = [...sentences(abstract)];
  const cue = /\bwe (?:propose|introduce|present|develop)\b|\bin this (?:work|paper)\b/i;
  const result =
    /\b(?:outperform|achieve|improve|surpass|state-of-the-art|results (?:show|demonstrate))/i;
  const at = Math.max(
    0,
    all.findIndex(sentence => cue.test(sentence)),
  );
  const done = all[at] ?? '';
  const found = all.slice(at + 1).find(sentence => result.test(sentence)) ?? '';
  const both = `${done} ${found}`.trim();
  return both.length <= maxChars ? both : done.slice(0, maxChars);
}

/** No choice of one sentence can be better. */
function bestSentence(abstract: string, tldr: string): string {
  return [...sentences(abstract)].reduce((a, b) => (rouge(b, tldr) > rouge(a, tldr) ? b : a), '');
}

function print(name: string, papers: readonly Paper[], summary: Summary): void {
  const start = performance.now();
  const summaries = papers.map(({ abstract, tldr }) => summary(abstract, tldr));
  const ms = (performance.now() - start) / papers.length;
  const scores = papers.map(({ tldr }, nth) => rouge(summaries[nth] ?? '', tldr));
  const chars = mean(summaries.map(({ length }) => length));
  console.log(row(name, mean(scores).toFixed(3), chars.toFixed(0), ms.toFixed(2), papers.length));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function row(name: string, ...cells: readonly (string | number)[]): string {
  return name.padEnd(34) + cells.map(cell => String(cell).padStart(12)).join('');
}
