import { writeSync } from 'node:fs';

/** Ends a run's output with one plain line that people and CI can read: `N passed, N failed, N skipped`. */
export class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    // A file that could not even be loaded has no tests to count, yet it failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`;
    // jest puts its own summary behind all other reporters.
    process.once('exit', () => writeSync(1, line));
  }
}

// jest takes a reporter from the default export only.
export default ClosingLineReporter;
