import type { ListDifference } from '../../db/repository-sync/repository-state.ts';
import { countedKinds, type ByCounted, type CountedName } from '../../entities/index.ts';
import type { Probe } from '../../model.ts';
import { recordedDifference } from './count-differences.ts';
import type { Switches } from '../context/readable.ts';

/** A change this shortly before GitHub was asked could share its second with one that the answer lacks. */
const RECENT_MS = 60_000;

/**
 * The kinds that every sweep's query counts; the query also shows refs (branches with their commits) and the
 * latest release.
 */
const counted = countedKinds.map(({ name }) => name);
export const REFS = 'refs';
export type ProbedKind = typeof REFS | CountedName | 'releases';

/** The names of the kinds to read. */
export type Changes = ReadonlySet<string>;

export const everything: Changes = new Set<ProbedKind>([REFS, ...counted, 'releases']);

/**
 * What GitHub shows as changed since the rows last matched it; everything if it was never asked.
 *
 * @param recentToo also counts as changed what changed so shortly before the last probe that another change
 * could be hidden behind it
 */
export function changedSince(applied: Probe | null, now: Probe | null, recentToo = true): Changes {
  if (applied === null || now === null) return everything;
  const asked = Date.parse(applied.asked_at);
  const isRecent = (time: string | null) =>
    recentToo && time !== null && Date.parse(time) > asked - RECENT_MS;
  const refs =
    applied.head_sha !== now.head_sha ||
    applied.default_branch !== now.default_branch ||
    applied.pushed_at !== now.pushed_at ||
    isRecent(applied.pushed_at);
  const changed = counted.filter(
    (kind) =>
      now[`${kind}_count`] !== null &&
      (applied[`${kind}_count`] !== now[`${kind}_count`] ||
        applied[`${kind}_updated_at`] !== now[`${kind}_updated_at`] ||
        isRecent(applied[`${kind}_updated_at`])),
  );
  const releases =
    (applied.latest_release ?? null) !== (now.latest_release ?? null) ||
    (applied.latest_release_updated_at ?? null) !== (now.latest_release_updated_at ?? null) ||
    isRecent(applied.latest_release_updated_at ?? null);
  return new Set<ProbedKind>([
    ...(refs ? ([REFS] as const) : []),
    ...changed,
    ...(releases ? (['releases'] as const) : []),
  ]);
}

type OwnCounts = ByCounted<'', '_count', number> & {
  head_sha: string | null;
  differences: Record<string, ListDifference>;
};

/**
 * Where our own rows contradict the answer, although GitHub may show no change since the last time: a row that
 * was lost or damaged here, or written by a delivery after its object was deleted.
 */
export function countMismatches(own: OwnCounts, now: Probe | null): Changes {
  const refs = now !== null && now.head_sha !== null && own.head_sha !== now.head_sha;
  const differ = counted.filter((kind) => {
    const theirs = now?.[`${kind}_count`] ?? null;
    return theirs !== null && own[`${kind}_count`] + recordedDifference(own.differences[kind]) !== theirs;
  });
  return new Set<ProbedKind>(refs ? [REFS, ...differ] : differ);
}

/** The union of both. */
export function union(a: Changes, b: Changes): Changes {
  return new Set([...a, ...b]);
}

/** GitHub's answer without the kinds that are switched off there: it counts none of these. */
export function ofKindsSwitchedOn(own: Switches, now: Probe | null): Probe | null {
  return now && without(now, new Set(counted.filter((kind) => !own[`has_${kind}`])));
}

/** No node at GitHub has this id: so the latest release always differs from it, even if there is none. */
const NONE_KNOWN = '';

/** The answer with these kinds left unknown, so that they are read the next time it shows them. */
export function without(probe: Probe, kinds: Changes): Probe {
  const told = { ...probe };
  for (const kind of counted) {
    if (kinds.has(kind)) Object.assign(told, { [`${kind}_count`]: null, [`${kind}_updated_at`]: null });
  }
  if (kinds.has('releases')) told.latest_release = NONE_KNOWN;
  return told;
}
