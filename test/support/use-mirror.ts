import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { standBetween, type Between } from './between.ts';
import { startMirror, type Mirror } from './mirror.ts';

/** A mirror of its own for each test of a file; both names mean that of the test at hand. */
export function useMirror(): { mirror: Mirror; control: Mirror['control'] } {
  let current: Mirror | undefined;
  beforeEach(async () => {
    current = await startMirror();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  function ofThisTest(): Mirror {
    if (current === undefined) throw new Error('a mirror is there within a test only');
    return current;
  }
  return { mirror: standIn(ofThisTest), control: standIn(() => ofThisTest().control) };
}

/** One mirror for all tests of a file, and who stands between it and GitHub. */
export function useMirrorBetween(): { mirror: Mirror; control: Mirror['control']; between: Between } {
  let current: { mirror: Mirror; between: Between } | undefined;
  beforeAll(async () => {
    const between = await standBetween();
    current = { between, mirror: await startMirror({ between }) };
  });
  afterAll(() => current?.mirror.close());
  function ofThisFile(): { mirror: Mirror; between: Between } {
    if (current === undefined) throw new Error('a mirror is there within a test only');
    return current;
  }
  return {
    mirror: standIn(() => ofThisFile().mirror),
    control: standIn(() => ofThisFile().mirror.control),
    between: standIn(() => ofThisFile().between),
  };
}

/** An object that has what the one found at each use has. */
function standIn<T extends object>(find: () => T): T {
  const nothing: T = Object.create(null);
  return new Proxy(nothing, {
    get: (_nothing, name): unknown => Reflect.get(find(), name),
    set: (_nothing, name, value) => Reflect.set(find(), name, value),
  });
}
