import { CancellationScope, patched } from '@temporalio/workflow';

/**
 * Does pieces of work side by side. Unlike with `Promise.all`, none of them is still at work when it rejects: the first
 * failure cancels the others, and is thrown once all have ended. So whoever ends the job then ends it after the last row.
 */
export async function runTogether(works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const scope = new CancellationScope();
  await scope.run(async () => {
    let failure: { error: unknown } | undefined;
    const running = works.map(async (work) => {
      try {
        await work();
      } catch (error) {
        // A history without this marker ended its job at the first failure.
        if (!patched('end-together')) throw error;
        if (failure === undefined) {
          failure = { error };
          scope.cancel();
        }
      }
    });
    await Promise.all(running);
    if (failure !== undefined) throw failure.error;
  });
}
