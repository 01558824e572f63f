import { sqlOf } from '../../db/orm.ts';
import { saveDifference } from '../../db/repository-sync/repository-progress.ts';
import { liveCounts, type ListDifference } from '../../db/repository-sync/repository-state.ts';
import type { CountedKind } from '../../entities/index.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';

/** How often a list that contradicts GitHub's count is read again. */
const READINGS = 3;

/** By then a replica that lags has caught up, unless GitHub has an incident. */
const RECHECK_AFTER_MS = 300_000;

/**
 * By how much GitHub's count exceeds ours although everything listed is stored: 0 unless found otherwise, or if that is to
 * be checked again.
 */
export function recordedDifference(difference: ListDifference | undefined): number {
  if (difference === undefined || difference.ours === null) return 0;
  return isDue(difference) ? 0 : difference.counted - difference.ours;
}

/** Whether reading the list once more cannot resolve a difference. */
export function assessDifference(
  known: ListDifference | undefined,
  counted: number | null,
  listed: number,
): { stays: boolean; readings: number } {
  const readings = Math.min(READINGS, (known?.readings ?? 0) + 1);
  const same = known?.counted === counted && known.listed === listed;
  return { stays: same || readings === READINGS, readings };
}

/**
 * A list that shows more than GitHub counts may be from before a deletion, and one that shows less from before something
 * was created: it is read once more, in the first comparison after some minutes.
 */
export function recheckAfter(
  before: ListDifference | undefined,
  counted: number,
  listed: number,
): Pick<ListDifference, 'recheck_at'> {
  if (listed === counted) return {};
  const known = before !== undefined && before.ours !== null ? before : null;
  if (known === null || known.counted - known.listed !== counted - listed)
    return { recheck_at: new Date(Date.now() + RECHECK_AFTER_MS).toISOString() };
  return isDue(known) || known.recheck_at === undefined ? {} : { recheck_at: known.recheck_at };
}

/**
 * Records by how much GitHub's count differs from ours, once nothing of the list is left to read.
 *
 * @param isComplete false if the list must be read again in any case
 */
export async function recordRemaining(
  context: RepositoryFacts & RepositoryWriter,
  entity: CountedKind,
  found: Pick<ListDifference, 'counted' | 'listed' | 'recheck_at'>,
  isComplete: boolean,
): Promise<void> {
  const ours = (await liveCounts(sqlOf(context.orm), context.repository.id))[entity.name];
  const same = ours === found.counted;
  const difference = { ...found, ours: isComplete ? ours : null, readings: READINGS };
  await recordDifference(context, entity, same ? null : difference);
  if (!same) context.log.info({ list: entity.name, ours, ...found }, "GitHub's count differs from ours");
}

/** Records a difference between GitHub's count and a list; null: there is none. */
export async function recordDifference(
  context: RepositoryFacts & RepositoryWriter,
  { name }: CountedKind,
  difference: ListDifference | null,
): Promise<void> {
  const { repository } = context;
  if (difference === null && repository.differences[name] === undefined) return;
  await context.save((tx) => saveDifference(tx, repository.id, name, difference));
  if (difference === null) delete repository.differences[name];
  else repository.differences[name] = difference;
}

function isDue({ recheck_at: time }: ListDifference): boolean {
  return time !== undefined && Date.parse(time) <= Date.now();
}
