import { labelled } from '../db/queries/issue-numbers.ts';
import { sqlOf } from '../db/orm.ts';
import { storedBranches, storedIssues, storedPullRequests } from '../db/queries/stored-rows.ts';
import { finishDeliveries, type PendingDelivery } from '../db/writes/deliveries.ts';
import { markBranchesDeleted, moveBranches } from '../db/writes/write-branches.ts';
import { markIssuesDeleted, writeIssues } from '../db/writes/write-issues.ts';
import { writePullRequests } from '../db/writes/write-pull-requests.ts';
import { writeRepositories, writeRepositoryFigures } from '../db/writes/write-repositories.ts';
import type { RepositoryRow } from '../model.ts';
import type { RefChange } from '../github/payloads.ts';
import { askIssues, askPullRequests } from './ask-numbers.ts';
import { askRefs } from './ask-refs.ts';
import { storeAuthored } from './store-authored.ts';
import { foldCandidates, type Candidate, type Folded } from './fold-candidates.ts';
import { planDeliveries, type DeliveryPlan } from './plan-deliveries.ts';
import type { RepositoryWork } from './repository-work.ts';

/**
 * Takes deliveries into the rows: what a payload settles in one transaction at once, without asking GitHub;
 * then the questions that the payloads leave.
 *
 * @param askRepository brings the repository's own row to GitHub's; false when it is gone
 * @returns `compare` when the whole repository has to be compared because a payload could not be read
 */
export async function applyDeliveries(
  work: RepositoryWork,
  deliveries: readonly PendingDelivery[],
  askRepository: (announced: string | null) => Promise<boolean>,
): Promise<{ compare: boolean }> {
  const plan = planDeliveries(deliveries);
  const { issues, pullRequests } = await writePayloads(work, plan, deliveries);

  const guids = deliveries.map(({ guid }) => guid);
  // Where issues are switched off GitHub counts rows that are not here, and payloads come in any order.
  const uncounted = !work.repository.has_issues && plan.repositories.length > 0;
  const alive = (!plan.askRepository && !uncounted) || (await askRepository(newestUpdate(plan)));
  if (alive) {
    await askLabels(work, plan, issues.ask, pullRequests.ask);
    for (const [number, announced] of plan.askIssues) issues.ask.set(number, announced);
    for (const [number, announced] of plan.askPullRequests) pullRequests.ask.set(number, announced);
    await askRefs(work, plan.refs);
    if (issues.ask.size > 0) await askIssues(work, issues.ask);
    if (pullRequests.ask.size > 0) await askPullRequests(work, pullRequests.ask);
  }
  await work.save(async (tx) => {
    if (alive) await writeRepositoryFigures(tx, work.repository.id, null);
    await finishDeliveries(tx, guids, 'processed');
    return {};
  });
  return { compare: plan.unreadable.length > 0 };
}

interface FoldedAll {
  issues: Pick<Folded<never>, 'ask'>;
  pullRequests: Pick<Folded<never>, 'ask'>;
}

/** Everything that payloads settle, and the end of the deliveries that need nothing more, in one transaction. */
async function writePayloads(
  work: RepositoryWork,
  plan: DeliveryPlan,
  deliveries: readonly PendingDelivery[],
): Promise<FoldedAll> {
  const db = sqlOf(work.orm);
  const { repository } = work;
  const lost = plan.lostIssues.map(({ row }) => row);
  const [knownIssues, knownPullRequests, knownBranches] = await Promise.all([
    storedIssues(db, idsOf([...plan.issues, ...lost.map((row) => ({ row }))])),
    storedPullRequests(db, idsOf(plan.pullRequests)),
    storedBranches(db, repository.id, [...new Set(plan.refs.flatMap(({ branch }) => branch ?? []))]),
  ]);
  const lostIds = new Set(lost.map(({ id }) => id));
  const candidates = plan.issues.filter(({ row }) => !lostIds.has(row.id));
  const issues = foldCandidates(candidates, knownIssues, repository.issues_through);
  const pullRequests = foldCandidates(plan.pullRequests, knownPullRequests, repository.pull_requests_through);
  const lostNew = lost.filter(({ id }) => !knownIssues.has(id));
  const asOf = newestUpdate(plan) ?? new Date(0).toISOString();
  const [issueRows, pullRequestRows] = await Promise.all([
    storeAuthored(work, [...issues.write, ...lostNew], asOf),
    storeAuthored(work, pullRequests.write, asOf),
  ]);
  const branches = followBranches(plan.refs, knownBranches);

  const waiting = new Set([...plan.waiting, ...issues.waiting, ...pullRequests.waiting]);
  const failed = new Map(plan.unreadable.map(({ guid, error }) => [guid, error]));
  const ignored = new Set(plan.ignored);
  const done = deliveries
    .map(({ guid }) => guid)
    .filter((guid) => !waiting.has(guid) && !failed.has(guid) && !ignored.has(guid));
  await work.save(async (tx) => {
    let changedIssues = await writeIssues(tx, issueRows);
    for (const { row, reason } of plan.lostIssues) {
      changedIssues += await markIssuesDeleted(tx, repository.id, [row.id], reason);
    }
    const changedPullRequests = await writePullRequests(tx, pullRequestRows);
    await moveBranches(tx, repository.id, branches.written);
    await markBranchesDeleted(tx, repository.id, branches.deleted);
    const changed = newest(plan.changedRepositories);
    if (changed && Date.parse(changed.updated_at) > Date.parse(repository.updated_at)) {
      await writeRepositories(tx, repository.installation_id ?? 0, [changed]);
    }
    await writeRepositoryFigures(tx, repository.id, newest(plan.repositories) ?? null);
    await finishDeliveries(tx, done, 'processed');
    await finishDeliveries(tx, plan.ignored, 'ignored');
    for (const [guid, error] of failed)
      await finishDeliveries(tx, [guid], 'failed', `DELIVERY_UNREADABLE: ${error}`);
    return { issues: changedIssues, pull_requests: changedPullRequests };
  });
  return { issues, pullRequests };
}

/** Branches whose changes follow on the heads that are stored, one after the other. GitHub is asked anyway. */
export function followBranches(refs: readonly RefChange[], known: ReadonlyMap<string, string | null>) {
  const heads = new Map(known);
  let rest = refs.filter(({ branch, after }) => branch !== null && after !== undefined);
  for (let moved = true; moved;) {
    moved = false;
    for (const change of rest) {
      const name = change.branch ?? '';
      if ((heads.get(name) ?? null) !== change.before || change.before === change.after) continue;
      heads.set(name, change.after ?? null);
      rest = rest.filter((other) => other !== change);
      moved = true;
    }
  }
  const changed = [...heads].filter(([name, head]) => (known.get(name) ?? null) !== head);
  return {
    written: changed.flatMap(([name, head]) => (head === null ? [] : [{ name, head_sha: head }])),
    deleted: changed.flatMap(([name, head]) => (head === null ? [name] : [])),
  };
}

/** Rows that bear a label which was renamed or deleted: their own clocks did not move. */
async function askLabels(
  work: RepositoryWork,
  plan: DeliveryPlan,
  issues: Map<number, string | null>,
  pullRequests: Map<number, string | null>,
): Promise<void> {
  if (plan.labels.size === 0) return;
  const db = sqlOf(work.orm);
  const names = [...plan.labels];
  for (const { number } of await labelled(db, work.repository.id, 'issues', names)) issues.set(number, null);
  for (const { number } of await labelled(db, work.repository.id, 'pull_requests', names)) {
    pullRequests.set(number, null);
  }
}

function idsOf(candidates: readonly Pick<Candidate<{ id: number }>, 'row'>[]): number[] {
  return candidates.map(({ row }) => row.id);
}

function newest(rows: readonly RepositoryRow[]): RepositoryRow | undefined {
  return rows.toSorted((a, b) => Date.parse(a.updated_at) - Date.parse(b.updated_at)).at(-1);
}

function newestUpdate(plan: DeliveryPlan): string | null {
  return newest(plan.repositories)?.updated_at ?? null;
}
