import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/** Says at the end of a run which suites were skipped: their titles say for want of what. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap(module => skippedSuites([...module.children.suites()]));
    if (skipped.length === 0) return;
    process.stdout.write(`\nSkipped:\n${skipped.map(name => `  ${name}\n`).join('')}`);
  }
}

function skippedSuites(suites: readonly TestSuite[]): string[] {
  return suites.flatMap(suite =>
    suite.options.mode === 'skip' ? [suite.fullName] : skippedSuites([...suite.children.suites()]),
  );
}
