import type { Probe } from '../../model.ts';
import { branches } from '../../entities/branches.ts';
import { countedKinds } from '../../entities/index.ts';
import { isPermitted, isReadable } from '../context/readable.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import { isAnyDue } from '../context/unread-elements.ts';
import {
  changedSince,
  countMismatches,
  REFS,
  union,
  type Changes,
  type ProbedKind,
} from '../listings/find-changes.ts';

const required: readonly ProbedKind[] = [REFS, ...countedKinds.map(({ name }) => name)];

/**
 * The kinds to compare: those that GitHub shows changed since the last comparison, or counts differently than the rows. A
 * kind of which something could not be read counts differently for as long as that is so: it is compared if GitHub
 * shows a change of it, and otherwise when something of it is due again.
 */
export function kindsToCompare(context: RepositoryFacts, now: Probe | null): Changes {
  const { repository, retryUnread } = context;
  const shown = changedSince(repository.applied_probe, now);
  const kinds = new Set(union(shown, countMismatches(repository, now)));
  for (const kind of required) {
    const unread = repository.unread[kind] ?? [];
    if (unread.length === 0 || !isKindRead(context, kind)) continue;
    if (retryUnread || isAnyDue(unread)) kinds.add(kind);
    // Without an answer all kinds count as changed.
    else if (now === null || !shown.has(kind)) kinds.delete(kind);
  }
  return kinds;
}

/** Whether the App may read the kind, and it is not switched off at GitHub. */
export function isKindRead(context: RepositoryFacts, kind: ProbedKind): boolean {
  return kind === REFS ? isPermitted(branches, context.may) : isReadable(context, kind);
}
