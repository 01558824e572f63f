/** Walking the commit graph: history in `git log` order, reachability, merge bases, comparison. */
import { commitDate } from './commit.ts';
import { createHeap } from './heap.ts';
import type { Commit, Network } from './types.ts';
import { createMemo } from './memo.ts';
import type { World } from './world.ts';

const histories = createMemo<History>();
const comparisons = createMemo<Comparison | null>();

/** Everything reachable from a head, newest first, with each sha's position. */
export interface History {
  shas: string[];
  position: Map<string, number>;
}

function byDate(a: Entry, b: Entry): number {
  return b.date - a.date || a.order - b.order;
}

interface Entry {
  commit: Commit;
  date: number;
  order: number;
}

/**
 * `git log`'s default walk: always the newest committer date among the commits in sight. `cut` stops a path at a commit
 * (which is left out), as `--since` does: what lies behind it is not found on that path however new it is.
 */
export function walk(network: Network, heads: string[], cut?: (commit: Commit) => boolean): string[] {
  const heap = createHeap<Entry>(byDate);
  const seen = new Set<string>();
  const found: string[] = [];
  const see = (sha: string): void => {
    const commit = seen.has(sha) ? undefined : network.commits.get(sha);
    if (!commit) return;
    seen.add(sha);
    heap.push({ commit, date: commitDate(commit), order: seen.size });
  };
  heads.forEach(see);
  for (let next = heap.pop(); next; next = heap.pop()) {
    if (cut?.(next.commit)) continue;
    found.push(next.commit.sha);
    next.commit.parents.forEach(see);
  }
  return found;
}

/** The whole history of a head, computed once per head. */
export function historyOf(world: World, network: Network, head: string): History {
  return histories.get(world, `${network.id}:${head}`, () => {
    const shas = linearise(world, network, head);
    return { shas, position: new Map(shas.map((sha, at) => [sha, at])) };
  });
}

function linearise(world: World, network: Network, head: string): string[] {
  const straight: string[] = [];
  let at = network.commits.get(head);
  // A commit with one parent is followed by that parent's history, whatever the dates: reuse it where it is known.
  while (at && at.parents.length === 1) {
    straight.push(at.sha);
    const [parent = ''] = at.parents;
    const known = histories.peek(world, `${network.id}:${parent}`);
    if (known) return straight.concat(known.shas);
    at = network.commits.get(parent);
  }
  return at ? straight.concat(walk(network, [at.sha])) : straight;
}

/** Whether `ancestor` is `head` or behind it. */
export function isAncestor(world: World, network: Network, ancestor: string, head: string): boolean {
  return historyOf(world, network, head).position.has(ancestor);
}

/** The commits of `head` that are not in `base`'s history, newest first; everything when `base` is null. */
export function newCommits(world: World, network: Network, base: string | null, head: string): string[] {
  const { shas } = historyOf(world, network, head);
  if (base === null || !network.commits.has(base)) return shas;
  const old = historyOf(world, network, base).position;
  return shas.filter((sha) => !old.has(sha));
}

export interface Comparison {
  status: 'ahead' | 'behind' | 'diverged' | 'identical';
  mergeBase: string;
  /** In `head` and not in `base`, oldest first. */
  ahead: string[];
  behindBy: number;
}

/** Compares as GitHub's three-dot compare; null when the two have no common ancestor. */
export function compare(world: World, network: Network, base: string, head: string): Comparison | null {
  return comparisons.get(world, `${network.id}:${base}:${head}`, () => {
    const ofBase = historyOf(world, network, base);
    const ofHead = historyOf(world, network, head);
    const mergeBase = ofHead.shas.find((sha) => ofBase.position.has(sha));
    if (mergeBase === undefined) return null;
    const ahead = ofHead.shas.filter((sha) => !ofBase.position.has(sha)).toReversed();
    const behindBy = ofBase.shas.reduce((count, sha) => count + (ofHead.position.has(sha) ? 0 : 1), 0);
    return { mergeBase, ahead, behindBy, status: statusOf(ahead.length, behindBy) };
  });
}

function statusOf(aheadBy: number, behindBy: number): Comparison['status'] {
  if (aheadBy > 0) return behindBy > 0 ? 'diverged' : 'ahead';
  return behindBy > 0 ? 'behind' : 'identical';
}
