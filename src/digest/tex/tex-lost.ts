import { step } from './tex-step.ts';

/** Sources that lose backslashes write 256times256, 36times 64, 4096 times 2048 and 4times. */
export const lostTimes = [
  step(/(?<=\d) ?times ?(?=\d)/u, () => '×'),
  step(/(?<=[\d²³ⁿ])times(?!\p{Ll})/u, () => '×'),
  step(/(?<=[A-Z)])times(?=[A-Z\d(])|(?<![\p{L}\p{N}])times(?=\d)/u, () => '×'),
  // Two variables: m times n, but neither "N times more" nor "at a time".
  step(/(?<=(?<![\p{L}\p{N}'’])[b-zB-HJ-Z]) times (?=[b-zB-HJ-Z](?![\p{L}\p{N}'’]))/u, () => ' × '),
];
