import { sqlOf, type Sql } from '../../db/orm.ts';
import {
  markRowsDeleted,
  storedRows,
  withoutDeletedReferences,
  writeRows,
} from '../../db/rows/entity-rows.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { storedBranches, storedRepository } from '../../db/rows/stored-rows.ts';
import { finishDeliveries, type PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { enqueueRepositories } from '../../db/repository-sync/enqueue-repositories.ts';
import { writeRepositories } from '../../db/repository-sync/write-repositories.ts';
import { writeRepositoryFigures, type OpenIssuesSource } from '../../db/repositories/upsert-repositories.ts';
import { branches } from '../../entities/branches.ts';
import { countedKinds, type CountedKind } from '../../entities/index.ts';
import type { RowCounts } from '../../model.ts';
import { guidsOf } from '../guids-of.ts';
import { mergeCounted, type MergedCounted } from './merge-counted.ts';
import { mergeRepositoryPayloads, type MergedRepository } from './merge-repository-payloads.ts';
import type { MergedDeliveries } from './further-deliveries.ts';
import { followBranches } from '../listings/follow-branches.ts';
import type { CountedDeliveries, DeliveryPlan } from './plan-deliveries.ts';
import { openIssuesSource } from '../context/open-issues.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { learn } from '../context/repository-facts.ts';

/** The outcome of payloads, merged with the existing rows. */
interface MergedPlan {
  counted: MergedCounted[];
  branches: ReturnType<typeof followBranches>;
  repository: MergedRepository;
  openIssues: OpenIssuesSource;
  further: MergedDeliveries[];
}

/** What payloads leave open. */
export interface OpenQuestions {
  /** what must be requested, by kind */
  counted: readonly MergedCounted[];
  repository: MergedRepository;
  further: MergedDeliveries['questions'];
  /** the deliveries that wait for answers */
  waiting: ReadonlySet<string>;
}

/**
 * Writes everything that payloads decide, and completes the deliveries that need nothing more, in one
 * transaction.
 */
export async function writePayloads(
  context: RepositoryContext,
  plan: DeliveryPlan,
  deliveries: readonly PendingDelivery[],
): Promise<OpenQuestions> {
  const merged = await mergePlan(context, plan);
  const open = openQuestions(plan, merged);
  const { repository } = context;
  await context.save(async (tx) => {
    const counted = await writeCounted(tx, repository.id, merged.counted);
    await writeBranches(tx, repository.id, merged.branches);
    await writeBeside(tx, repository, merged);
    await endDeliveries(tx, repository.id, plan, deliveries, open.waiting);
    return writeFurther(tx, merged.further, counted);
  });
  if (merged.repository.write !== null) {
    const { full_name, has_issues, has_pull_requests, updated_at } = merged.repository.write;
    learn(repository, { full_name, has_issues, has_pull_requests, updated_at });
  }
  return open;
}

async function mergePlan(context: RepositoryContext, plan: DeliveryPlan): Promise<MergedPlan> {
  const db = sqlOf(context.orm);
  const { id, installation_id: installationId } = context.repository;
  const [known, heads, stored] = await Promise.all([
    Promise.all(
      countedKinds.map((kind: CountedKind) => storedRows(db, kind, id, idsOf(plan.counted[kind.name]))),
    ),
    storedBranches(db, id, [...new Set(plan.refs.flatMap(({ branch }) => branch ?? []))]),
    storedRepository(db, id),
  ]);
  const repository = mergeRepositoryPayloads(plan.repositories, stored, installationId);
  const openIssues = openIssuesSource({ ...context.repository, ...repository.write }, context.may);
  if (openIssues === 'github') for (const { guid } of plan.repositories) repository.ask.add(guid);
  const asOf = repository.announced ?? new Date(0).toISOString();
  const counted = await Promise.all(
    countedKinds.map((kind, index) =>
      mergeCounted(context, kind, plan.counted[kind.name], known[index] ?? new Map(), asOf),
    ),
  );
  const further = await Promise.all(plan.further.map((kinds) => kinds.merge(context)));
  return { counted, branches: followBranches(plan.refs, heads), repository, openIssues, further };
}

function openQuestions(plan: DeliveryPlan, { counted, repository, further }: MergedPlan): OpenQuestions {
  const questions = further.flatMap((one) => one.questions);
  const asked = [...counted.flatMap(({ ask }) => [...ask.values()]), ...questions];
  const waiting = new Set([...plan.waiting, ...repository.ask, ...asked.flatMap(({ guids }) => [...guids])]);
  return { counted, repository, further: questions, waiting };
}

async function writeCounted(
  tx: Sql,
  repositoryId: number,
  counted: readonly MergedCounted[],
): Promise<RowCounts> {
  const changed: Record<string, number> = {};
  for (const { kind, rows, deleted } of counted) {
    let changedRows = await writeRows(tx, kind, await withoutDeletedReferences(tx, kind, rows));
    for (const { row, reason } of deleted) {
      changedRows += (await markRowsDeleted(tx, kind, repositoryId, [row.id], reason)).length;
    }
    changed[kind.name] = changedRows;
  }
  return changed;
}

/** Not counted: a push counts once GitHub has shown its commits. */
async function writeBranches(
  tx: Sql,
  repositoryId: number,
  { written, deleted }: MergedPlan['branches'],
): Promise<void> {
  await writeRows(
    tx,
    branches,
    written.map((branch) => ({ ...branch, repository_id: repositoryId })),
  );
  await markRowsDeleted(tx, branches, repositoryId, deleted);
}

async function writeBeside(
  tx: Sql,
  { id, installation_id: installationId }: StoredRepository,
  { repository: { write, figures }, openIssues }: MergedPlan,
): Promise<void> {
  if (write !== null) await writeRepositories(tx, installationId ?? 0, [write]);
  await writeRepositoryFigures(tx, id, openIssues, figures);
}

/** The repository of an unreadable delivery is queued for comparison at once: the rest of the round may not come about. */
async function endDeliveries(
  tx: Sql,
  repositoryId: number,
  { unreadable, ignored }: DeliveryPlan,
  deliveries: readonly PendingDelivery[],
  waiting: ReadonlySet<string>,
): Promise<void> {
  const others = new Set([...waiting, ...ignored, ...guidsOf(unreadable)]);
  const done = guidsOf(deliveries).filter((guid) => !others.has(guid));
  await finishDeliveries(tx, done, 'processed');
  await finishDeliveries(tx, ignored, 'ignored');
  const failed = new Map(unreadable.map(({ guid, error }) => [guid, error]));
  for (const [guid, error] of failed)
    await finishDeliveries(tx, [guid], 'failed', `DELIVERY_UNREADABLE: ${error}`);
  if (failed.size > 0) await enqueueRepositories(tx, [{ id: repositoryId, probe: null }], 'incremental');
}

/** @param counted rows changed before, to which these are added */
async function writeFurther(
  tx: Sql,
  further: readonly MergedDeliveries[],
  counted: RowCounts,
): Promise<RowCounts> {
  const changed: Record<string, number> = { ...counted };
  for (const merged of further) {
    for (const [table, rows] of Object.entries(await merged.write(tx))) {
      changed[table] = (changed[table] ?? 0) + rows;
    }
  }
  return changed;
}

function idsOf({ shown, deleted }: CountedDeliveries): number[] {
  return [...shown, ...deleted].map(({ row }) => row.id);
}
