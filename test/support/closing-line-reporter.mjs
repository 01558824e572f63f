/** Ends a run's output with one plain line that people and CI can read: `N passed, N failed, N skipped`. */
export class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    // A file that could not even be loaded has no tests to count, yet it failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}

// jest takes a reporter from the default export only.
export default ClosingLineReporter;
