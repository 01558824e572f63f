/** Walking the commit graph: history in `git log` order, reachability, merge bases, comparison. */
import { commitDate } from './commit.ts';
import { createHeap } from '../../world/heap.ts';
import type { Commit, Network } from '../../world/types.ts';
import { createMemo } from '../../world/memo.ts';
import type { World } from '../../world/world.ts';

const histories = createMemo<History>(({ shas }) => shas.length);
const comparisons = createMemo<Comparison | null>((result) => result?.ahead.length ?? 0);

/** Everything reachable from a head. */
export interface History {
  /** Newest first. */
  shas: string[];
  /** The same as a set, made when it is first asked for. */
  reachable(): Set<string>;
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
    let set: Set<string> | null = null;
    return { shas, reachable: () => (set ??= new Set(shas)) };
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
  if (straightPath(network, ancestor, head)) return true;
  return historyOf(world, network, head).reachable().has(ancestor);
}

/** The commits of `head` that are not in `base`'s history, newest first; everything when `base` is null. */
export function newCommits(world: World, network: Network, base: string | null, head: string): string[] {
  const straight = base === null ? null : straightPath(network, base, head);
  if (straight) return straight;
  const { shas } = historyOf(world, network, head);
  if (base === null || !network.commits.has(base)) return shas;
  const old = historyOf(world, network, base).reachable();
  return shas.filter((sha) => !old.has(sha));
}

/** Most pushes are a few plain commits on top of the old head: those need no look at the whole history. */
function straightPath(network: Network, base: string, head: string): string[] | null {
  const path: string[] = [];
  let at = head;
  while (at !== base) {
    const parents = network.commits.get(at)?.parents ?? [];
    const [parent] = parents;
    if (parent === undefined || parents.length > 1 || path.length > 3000) return null;
    path.push(at);
    at = parent;
  }
  return path;
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
    const inBase = historyOf(world, network, base).reachable();
    const ofHead = historyOf(world, network, head);
    const mergeBase = ofHead.shas.find((sha) => inBase.has(sha));
    if (mergeBase === undefined) return null;
    const ahead = ofHead.shas.filter((sha) => !inBase.has(sha)).toReversed();
    const behindBy = inBase.size - (ofHead.shas.length - ahead.length);
    return { mergeBase, ahead, behindBy, status: statusOf(ahead.length, behindBy) };
  });
}

function statusOf(aheadBy: number, behindBy: number): Comparison['status'] {
  if (aheadBy > 0) return behindBy > 0 ? 'diverged' : 'ahead';
  return behindBy > 0 ? 'behind' : 'identical';
}
