import { step } from './tex-step.ts';

/** What is left of comments whose line breaks were lost: `It works. % We show how.` */
export const comments = [step(/(?<=^|[.!?] )%+ (?=\p{Lu})/u, () => '')];

export const openQuotes = [
  step(/``([^"`]{0,400}?)(?:''|")/u, (_, quoted) => `“${quoted}”`),
  step(/``/u, () => '“'),
  step(
    /(?<![\p{L}\p{N}`])`(?![\s`])([^`'\n]{1,120})'(?![\p{L}\p{N}])/u,
    (_, quoted) => `‘${quoted}’`,
  ),
  step(/(?<=\p{L})`(?=\p{L})/u, () => '’'),
];

export const closingQuotes = [step(/(?<=\p{L})''(?=\()/u, () => '″'), step(/''/u, () => '”')];

export const dashes = [
  step(/(?<!-)---(?!-)/u, () => '—'),
  // Before a letter it may be an option of a command: --verbose.
  step(/(?<=[^\s-])--(?!-)|(?<=\s|^)--(?=\s|\d|$)/u, () => '–'),
];

export const ties = [
  step(/(?<=\d%?)~(?=\d)/u, () => '–'),
  step(/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+(?=\s|$)|(?<=\s)~(?=\p{L})/u, () => ''),
  step(/(?<=[\p{L}\p{N})\]}%.,;:!?”’"'])~+/u, () => ' '),
];
