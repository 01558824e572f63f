import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import type { RowKey, StoredRow } from '../../db/rows/entity-rows.ts';
import type { CountedRow } from '../../entities/index.ts';
import type { RepositoryRow } from '../../model.ts';
import { refusedNames } from '../context/refused-rows.ts';
import { openIssuesSource } from '../context/open-issues.ts';
import { isAllSwitchedOn, readable } from '../context/readable.ts';
import { guidsOf } from '../guids-of.ts';
import { mergePayloads } from './merge-payloads.ts';
import { mergeRepositoryPayloads } from './merge-repository-payloads.ts';
import type { DeliveryPlan } from './plan-deliveries.ts';

/** The deliveries of a repository and what they are read as. */
export interface PlannedRepository {
  repository: StoredRepository;
  deliveries: readonly PendingDelivery[];
  plan: DeliveryPlan;
}

/** What is here of what plans tell of. */
export interface KnownRows {
  issues: ReadonlyMap<RowKey, StoredRow<CountedRow>>;
  repositories: ReadonlyMap<number, RepositoryRow>;
}

/** All that the deliveries of a repository come to. */
export interface PlainChange {
  repository: StoredRepository;
  guids: string[];
  issues: CountedRow[];
  /** the repository's own row, where a payload shows it newer and whole */
  row: RepositoryRow | null;
  /** the newest figures that no clock tells of */
  figures: RepositoryRow | null;
  /** as of when the payloads show their authors */
  asOf: string;
}

/** Whether deliveries of a repository tell of nothing but issues that are there. */
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

/** Joins plain deliveries with the rows that are here. Null where that leaves something to be asked of GitHub. */
export function mergePlain(
  { repository, deliveries, plan }: PlannedRepository,
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
    guids: guidsOf(deliveries),
    issues: merged.write,
    row: beside.write,
    figures: beside.figures,
    asOf: beside.announced ?? new Date(0).toISOString(),
  };
}
