import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import type { RowKey, StoredRow } from '../../db/rows/entity-rows.ts';
import type { CountedRow } from '../../entities/index.ts';
import type { RepositoryRow } from '../../model.ts';
import { refusedNames } from '../context/refused-rows.ts';
import { openIssuesSource } from '../context/open-issues.ts';
import { isAllSwitchedOn, readable } from '../context/readable.ts';
import { mergePayloads } from './merge-payloads.ts';
import { mergeRepositoryPayloads } from './merge-repository-payloads.ts';
import type { DeliveryPlan } from './plan-deliveries.ts';

/** A repository and the plan made from its deliveries. */
export interface PlannedRepository {
  repository: StoredRepository;
  guids: string[];
  plan: DeliveryPlan;
}

/** The existing rows that plans refer to. */
export interface KnownRows {
  issues: ReadonlyMap<RowKey, StoredRow<CountedRow>>;
  repositories: ReadonlyMap<number, RepositoryRow>;
}

/** The outcome of a repository's deliveries. */
export interface PlainChange {
  repository: StoredRepository;
  guids: string[];
  issues: CountedRow[];
  /** the repository's own row, if a payload shows it newer and complete */
  row: RepositoryRow | null;
  /** the latest values of columns without a timestamp */
  figures: RepositoryRow | null;
  /** the date of the authors in the payloads */
  asOf: string;
}

/** Whether a repository's deliveries concern nothing but existing issues. */
export function isPlain({ repository, plan }: PlannedRepository, installationId: number): boolean {
  const isOurs = repository.removed_at === null && repository.installation_id === installationId;
  const isMirrored = repository.last_synced_at !== null && !repository.installation_suspended;
  const { issues, pull_requests: pullRequests } = plan.counted;
  const others = [
    pullRequests.shown,
    issues.deleted,
    plan.refs,
    plan.ignored,
    plan.unreadable,
    [...plan.waiting, ...plan.refetchRepository, ...plan.formerLabels.keys()],
  ];
  return (
    isOurs &&
    isMirrored &&
    openIssuesSource(repository, readable(repository.permissions)) === 'rows' &&
    refusedNames(repository).size === 0 &&
    !plan.tellsOfFurther &&
    others.every(({ length }) => length === 0)
  );
}

/** Merges plain deliveries with the existing rows. Null if that leaves something to ask GitHub. */
export function mergePlain(
  { repository, guids, plan }: PlannedRepository,
  known: KnownRows,
): PlainChange | null {
  const stored = known.repositories.get(repository.id);
  if (stored === undefined) return null;
  const merged = mergePayloads(plan.counted.issues.shown, known.issues, repository.high_water_marks.issues);
  const beside = mergeRepositoryPayloads(plan.repositories, stored, repository.installation_id);
  if (merged.ask.size > 0 || beside.ask.size > 0) return null;
  if (beside.write !== null && !isAllSwitchedOn(beside.write)) return null;
  return {
    repository,
    guids,
    issues: merged.write,
    row: beside.write,
    figures: beside.figures,
    asOf: beside.announced ?? new Date(0).toISOString(),
  };
}
