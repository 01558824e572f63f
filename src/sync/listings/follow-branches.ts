import type { RefChange } from '../../github/payloads/payloads.ts';

/**
 * Branches, or tags by name, whose changes follow one after the other from the stored heads. GitHub is asked
 * anyway.
 */
export function followBranches(
  refs: readonly Pick<RefChange, 'branch' | 'before' | 'after'>[],
  known: ReadonlyMap<string, string | null>,
) {
  const heads = new Map(known);
  let rest = refs.filter(({ branch, after }) => branch !== null && after !== undefined);
  for (let moved = true; moved;) {
    moved = false;
    for (const change of rest) {
      const name = change.branch ?? '';
      if ((heads.get(name) ?? null) !== change.before || change.before === change.after) continue;
      heads.set(name, change.after ?? null);
      rest = rest.filter((other) => other !== change);
      moved = true;
    }
  }
  const changed = [...heads].filter(([name, head]) => (known.get(name) ?? null) !== head);
  return {
    written: changed.flatMap(([name, head]) => (head === null ? [] : [{ name, head_sha: head }])),
    deleted: changed.flatMap(([name, head]) => (head === null ? [name] : [])),
  };
}
