import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { standBetween, type Between } from './between.ts';
import { startMirror, type Mirror, type MirrorOptions } from './mirror.ts';
import { standIn } from './stand-in.ts';

/** A mirror of its own for each test of a file; both names mean that of the test at hand. */
export function useMirror(options: MirrorOptions = {}): {
  mirror: Mirror;
  control: Mirror['control'];
  /** has another one in its place, for this test */
  restart: (other: MirrorOptions) => Promise<void>;
} {
  let current: Mirror | undefined;
  beforeEach(async () => {
    current = await startMirror(options);
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  function ofThisTest(): Mirror {
    if (current === undefined) throw new Error('a mirror is there within a test only');
    return current;
  }
  async function restart(other: MirrorOptions): Promise<void> {
    await current?.close();
    current = undefined;
    current = await startMirror(other);
  }
  return { mirror: standIn(ofThisTest), control: standIn(() => ofThisTest().control), restart };
}

interface MirrorBetween {
  mirror: Mirror;
  control: Mirror['control'];
  /** stands between the mirror and GitHub */
  between: Between;
}

/** One mirror for all tests of a file, and who stands between it and GitHub. */
export function useMirrorBetween(options: MirrorOptions = {}): MirrorBetween {
  return betweenFrom(beforeAll, afterAll, options);
}

/** As `useMirrorBetween`, anew for each test. */
export function useMirrorBetweenEach(): MirrorBetween {
  return betweenFrom(beforeEach, afterEach, {});
}

function betweenFrom(
  before: typeof beforeAll,
  after: typeof afterAll,
  options: MirrorOptions,
): MirrorBetween {
  let current: { mirror: Mirror; between: Between } | undefined;
  before(async () => {
    const between = await standBetween();
    current = { between, mirror: await startMirror({ ...options, between }) };
  });
  after(async () => {
    await current?.mirror.close();
    current = undefined;
  });
  function now(): { mirror: Mirror; between: Between } {
    if (current === undefined) throw new Error('a mirror is there within a test only');
    return current;
  }
  return {
    mirror: standIn(() => now().mirror),
    control: standIn(() => now().mirror.control),
    between: standIn(() => now().between),
  };
}
