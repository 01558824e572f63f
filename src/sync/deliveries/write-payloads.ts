import { sqlOf } from '../../db/orm.ts';
import {
  markRowsDeleted,
  storedRows,
  withoutLostReferences,
  writeRows,
  type RowKey,
} from '../../db/rows/entity-rows.ts';
import { storedBranches, storedRepository } from '../../db/rows/stored-rows.ts';
import { finishDeliveries, type PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { writeRepositories, writeRepositoryFigures } from '../../db/repositories/write-repositories.ts';
import { branches } from '../../entities/branches.ts';
import { issues, type IssueRow } from '../../entities/issues.ts';
import { pullRequests, type PullRequestRow } from '../../entities/pull-requests.ts';
import { announce, announceTime, type Announcements } from './announcements.ts';
import { mergePayloads, type PayloadVersion, type Stored } from './merge-payloads.ts';
import { mergeRepositoryPayloads, type MergedRepository } from './merge-repository-payloads.ts';
import type { MergedDeliveries } from './further-deliveries.ts';
import { followBranches } from '../listings/follow-branches.ts';
import type { DeliveryPlan } from './plan-deliveries.ts';
import type { RepositoryContext } from '../repository/repository-context.ts';
import { storableRows } from '../store-rows.ts';

/** What payloads leave open. */
export interface OpenQuestions {
  issues: Announcements<IssueRow>;
  pullRequests: Announcements<PullRequestRow>;
  repository: MergedRepository;
  further: MergedDeliveries['questions'];
  /** the deliveries that wait for answers */
  waiting: Set<string>;
}

/** Everything that payloads decide, and the end of the deliveries that need nothing more, in one transaction. */
export async function writePayloads(
  context: RepositoryContext,
  plan: DeliveryPlan,
  deliveries: readonly PendingDelivery[],
): Promise<OpenQuestions> {
  const db = sqlOf(context.orm);
  const { repository } = context;
  const [knownIssues, knownPullRequests, knownBranches, knownRepository] = await Promise.all([
    storedRows(db, issues, repository.id, idsOf([...plan.issues, ...plan.lostIssues])),
    storedRows(db, pullRequests, repository.id, idsOf(plan.pullRequests)),
    storedBranches(db, repository.id, [...new Set(plan.refs.flatMap(({ branch }) => branch ?? []))]),
    storedRepository(db, repository.id),
  ]);
  const lost = mergeLost(plan, knownIssues);
  const marks = repository.high_water_marks;
  const mergedIssues = mergePayloads(lost.others, knownIssues, marks.issues);
  const mergedPullRequests = mergePayloads(plan.pullRequests, knownPullRequests, marks.pull_requests);
  const beside = mergeRepositoryPayloads(plan.repositories, knownRepository, repository.installation_id);
  const asOf = beside.announced ?? new Date(0).toISOString();
  const [issueRows, pullRequestRows] = await Promise.all([
    storableRows(context, issues, [...mergedIssues.write, ...lost.unknown], asOf),
    storableRows(context, pullRequests, mergedPullRequests.write, asOf),
  ]);
  const further = await Promise.all(plan.further.map((kinds) => kinds.merge(context)));
  const followed = followBranches(plan.refs, knownBranches);
  const open: OpenQuestions = {
    issues: merge([plan.refetchIssues, mergedIssues.ask, lost.ask], knownIssues),
    pullRequests: merge([plan.refetchPullRequests, mergedPullRequests.ask], knownPullRequests),
    repository: beside,
    further: further.flatMap(({ questions }) => questions),
    waiting: new Set([
      ...plan.waiting,
      ...mergedIssues.waiting,
      ...mergedPullRequests.waiting,
      ...beside.ask,
    ]),
  };
  for (const { guids } of [...open.issues.values(), ...open.further]) {
    for (const guid of guids) open.waiting.add(guid);
  }

  const failed = new Map(plan.unreadable.map(({ guid, error }) => [guid, error]));
  const ignored = new Set(plan.ignored);
  const done = deliveries
    .map(({ guid }) => guid)
    .filter((guid) => !open.waiting.has(guid) && !failed.has(guid) && !ignored.has(guid));
  await context.save(async (tx) => {
    let changedIssues = await writeRows(tx, issues, await withoutLostReferences(tx, issues, issueRows));
    for (const { row, reason } of lost.marked) {
      changedIssues += (await markRowsDeleted(tx, issues, repository.id, [row.id], reason)).length;
    }
    const changedPullRequests = await writeRows(
      tx,
      pullRequests,
      await withoutLostReferences(tx, pullRequests, pullRequestRows),
    );
    const moved = followed.written.map((branch) => ({ ...branch, repository_id: repository.id }));
    await writeRows(tx, branches, moved);
    await markRowsDeleted(tx, branches, repository.id, followed.deleted);
    if (beside.write !== null) {
      await writeRepositories(tx, repository.installation_id ?? 0, [beside.write]);
    }
    await writeRepositoryFigures(tx, repository.id, beside.figures);
    await finishDeliveries(tx, done, 'processed');
    await finishDeliveries(tx, plan.ignored, 'ignored');
    for (const [guid, error] of failed)
      await finishDeliveries(tx, [guid], 'failed', `DELIVERY_UNREADABLE: ${error}`);
    const counts: Record<string, number> = { issues: changedIssues, pull_requests: changedPullRequests };
    for (const merged of further) {
      for (const [table, rows] of Object.entries(await merged.write(tx))) {
        counts[table] = (counts[table] ?? 0) + rows;
      }
    }
    return counts;
  });
  if (beside.write !== null) {
    const { full_name, has_issues, has_pull_requests, updated_at } = beside.write;
    Object.assign(repository, { full_name, has_issues, has_pull_requests, updated_at });
  }
  return open;
}

/**
 * Issues that GitHub says it lost: marked, unless something newer is known of one. That a late delivery of a loss may
 * be about what is back, so that GitHub is asked.
 */
function mergeLost(plan: DeliveryPlan, known: ReadonlyMap<RowKey, Stored<IssueRow>>) {
  const ask: Announcements<IssueRow> = new Map();
  const lostAt = new Map<number, number>();
  for (const { row } of plan.lostIssues) {
    lostAt.set(row.id, Math.max(Date.parse(row.updated_at), lostAt.get(row.id) ?? 0));
  }
  const isLate = (row: IssueRow) => {
    const stored = known.get(row.id);
    if (stored === undefined || stored.deleted) return false;
    return Date.parse(stored.row.updated_at) > (lostAt.get(row.id) ?? 0);
  };
  for (const { row, reason, guid } of plan.lostIssues.filter((one) => isLate(one.row))) {
    announce(ask, row.number, guid).lost = reason;
  }
  const marked = plan.lostIssues.filter(({ row }) => !isLate(row));
  const markedIds = new Set(marked.map(({ row }) => row.id));
  const others = plan.issues.filter(({ row }) => !markedIds.has(row.id));
  for (const { row, guid } of plan.issues.filter((one) => markedIds.has(one.row.id))) {
    if (Date.parse(row.updated_at) <= (lostAt.get(row.id) ?? 0)) continue;
    const announcement = announce(ask, row.number, guid);
    announceTime(announcement, row.updated_at);
    announcement.marked = true;
  }
  const unknown = [...new Map(marked.map(({ row }) => [row.id, row])).values()].filter(
    ({ id }) => !known.has(id),
  );
  return { ask, marked, others, unknown };
}

/** What several sources announce of the same numbers, with the rows as they were before. */
function merge<Row extends { id: number; number: number; updated_at: string }>(
  sources: readonly Announcements<Row>[],
  known: ReadonlyMap<RowKey, Stored<Row>>,
): Announcements<Row> {
  const merged: Announcements<Row> = new Map();
  for (const [number, one] of sources.flatMap((source) => [...source])) {
    const announcement = announce(merged, number, null);
    for (const guid of one.guids) announcement.guids.add(guid);
    if (one.updated_at !== null) announceTime(announcement, one.updated_at);
    announcement.shown = one.shown ?? announcement.shown;
    announcement.marked ||= one.marked;
    announcement.lost ??= one.lost;
    for (const id of one.comments.created) announcement.comments.created.add(id);
    for (const id of one.comments.deleted) announcement.comments.deleted.add(id);
  }
  for (const { row, deleted } of known.values()) {
    const announcement = merged.get(row.number);
    if (announcement === undefined) continue;
    announcement.stored = row;
    announcement.marked ||= deleted;
  }
  return merged;
}

function idsOf(candidates: readonly PayloadVersion<{ id: number }>[]): number[] {
  return candidates.map(({ row }) => row.id);
}
