import { afterAll, beforeAll } from '@jest/globals';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { standIn } from '../support/stand-in.ts';

/** The running product with a small sample organisation, for all tests of a file. */
export function useSampleStack(): Stack {
  let current: Stack | undefined;
  beforeAll(async () => {
    current = await startStack({ sandbox: { populate: (world) => seedWorld(world, { scale: 0.01 }) } });
  });
  afterAll(() => current?.close());
  return standIn(() => {
    if (current === undefined) throw new Error('the product runs within a test only');
    return current;
  });
}
