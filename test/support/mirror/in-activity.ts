import { MockActivityEnvironment } from '@temporalio/testing';

/** Runs an activity as a worker would, without a server. */
export async function inActivity<T>(work: () => Promise<T>): Promise<T> {
  let result: { value: T } | undefined;
  await new MockActivityEnvironment().run(async () => {
    result = { value: await work() };
  });
  if (result === undefined) throw new Error('the activity did not run');
  return result.value;
}
