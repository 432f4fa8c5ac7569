/** A URL, with the TeX that gets into one. A tie or a quote ends it; `/~name` is part of it. */
export const url = String.raw`https?://(?:[^\s{}'${'`'}~\\]|\\[_%&#~]|(?<=/)~(?=\w))+`;
export const onlyUrl = new RegExp(`^${url}$`);

/** A rewriting of everything but URLs. */
export type Step = {
  readonly pattern: RegExp;
  readonly replace: (found: string, ...groups: (string | undefined)[]) => string;
};

export function step(pattern: RegExp, replace: Step['replace']): Step {
  return {
    pattern: new RegExp(`${url}|${pattern.source}`, 'gu'),
    replace: (found, ...groups) => (onlyUrl.test(found) ? found : replace(found, ...groups)),
  };
}

/** `text` after all of `steps`, in their order. */
export function take(steps: readonly Step[], text: string): string {
  return steps.reduce((read, { pattern, replace }) => read.replace(pattern, replace), text);
}
