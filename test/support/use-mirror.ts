import { afterEach, beforeEach } from '@jest/globals';
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

/** An object that has what the one found at each use has. */
function standIn<T extends object>(find: () => T): T {
  const nothing: T = Object.create(null);
  return new Proxy(nothing, { get: (_nothing, name): unknown => Reflect.get(find(), name) });
}
