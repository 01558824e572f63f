import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { standBetween, type Between } from './between.ts';
import { startMirror, type Mirror, type MirrorOptions } from './mirror.ts';
import { standIn } from './stand-in.ts';

/** A mirror of its own for each test of a file; both names mean that of the test at hand. */
export function useMirror(options: MirrorOptions = {}): {
  mirror: Mirror;
  control: Mirror['control'];
  unannounced: Unannounced;
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
  const control = standIn(() => ofThisTest().control);
  return { mirror: standIn(ofThisTest), control, unannounced: createUnannounced(control), restart };
}

/** Lets something happen without a delivery: only a sweep can find it. */
type Unannounced = (happen: () => unknown) => Promise<void>;

function createUnannounced(control: Mirror['control']): Unannounced {
  return async (happen) => {
    const { id } = control.addDeliveryFault({ kind: 'lose' });
    happen();
    await control.deliveriesDone({});
    control.removeDeliveryFault({ id });
  };
}

interface MirrorBetween {
  mirror: Mirror;
  control: Mirror['control'];
  unannounced: Unannounced;
  /** stands between the mirror and GitHub */
  between: Between;
}

/** One mirror for all tests of a file, and who stands between it and GitHub. */
export function useMirrorBetween(options: MirrorOptions = {}): MirrorBetween {
  return betweenFrom(beforeAll, afterAll, options);
}

/** Like `useMirrorBetween`, but a new one for each test. */
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
  const control = standIn(() => now().mirror.control);
  return {
    mirror: standIn(() => now().mirror),
    control,
    unannounced: createUnannounced(control),
    between: standIn(() => now().between),
  };
}
