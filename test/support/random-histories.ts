import * as fc from 'fast-check';
import type { StoredCommit } from '../../src/db/commits/write-commits.ts';

export type Graph = number[][];

/** A random history: each commit has some of the earlier ones as parents; several roots, merges, octopuses. */
export const graph: fc.Arbitrary<Graph> = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 25 })
  .map((list) => list.map((parents, at) => (at === 0 ? [] : [...new Set(parents.map((one) => one % at))])));

/** The commits of a head's history; beyond those that are not known nothing is. */
export function reachable(
  parents: Graph,
  head: number,
  known: (at: number) => boolean = () => true,
): Set<number> {
  const found = new Set<number>();
  const open = [head];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    if (known(at)) open.push(...(parents[at] ?? []));
  }
  return found;
}

/** One of them, of one of three people or of nobody. */
export function commit(parents: Graph, at: number): StoredCommit {
  const second = ((at * 7919) % 50) + 10;
  const time = `2026-01-01T00:00:${second}.000Z`;
  return {
    repository_id: 1,
    sha: `c${at}`,
    message: `commit ${at}`,
    author_name: 'A',
    author_email: 'a@example.com',
    author_id: at % 4 === 0 ? null : at % 4,
    committer_name: null,
    committer_email: null,
    authored_at: time,
    committed_at: time,
    parents: (parents[at] ?? []).map((parent) => `c${parent}`),
  };
}
