import { heartbeat } from '@temporalio/activity';
import { inTransaction, sqlOf } from '../db/orm.ts';
import { findInstallationTarget } from '../db/repositories/sync-targets.ts';
import { installationsAfter, repositoriesWithPending } from '../db/queue/sweep-queue.ts';
import { assertBoundApp } from '../db/installations/bound-app.ts';
import { recordFailure } from '../db/jobs/write-jobs.ts';
import { markInstallationDeleted, writeInstallations } from '../db/installations/write-installations.ts';
import { enqueueRepositories, enqueueVerification } from '../db/queue/enqueue-repositories.ts';
import { recordVerification } from '../db/queue/record-verification.ts';
import type { SyncError } from '../errors.ts';
import { listInstallations, getInstallation } from '../github/app-api.ts';
import type { Unreadable } from '../github/pages/unreadable.ts';
import { askFor } from '../github/session/usage.ts';
import { countInJob } from '../sync/count-in-job.ts';
import { holdDeliveryLog } from '../sync/delivery-log/hold-delivery-log.ts';
import { refusalOf, writeTold } from '../sync/refusals.ts';
import { introduceRepository } from '../sync/repository/introduce-repository.ts';
import { recoverDeliveries as recover } from '../sync/delivery-log/recover-deliveries.ts';
import { isGitHubAway } from '../sync/is-git-hub-away.ts';
import { oneByOne, resolveMissing } from '../sync/listings/resolve-missing.ts';
import { runActivity, type ActivityDependencies, type Run } from './run-activity.ts';

/** Installations that a sweep takes up in one go. */
const PAGE = 50;
/** Repositories with waiting deliveries that are queued in one go. */
const PENDING_PAGE = 500;

export function createSweepActivities(deps: ActivityDependencies) {
  const db = () => sqlOf(deps.orm);

  function counted<T>(jobId: string, run: Run, work: () => Promise<T>): Promise<T> {
    return countInJob(deps.orm, jobId, run.signal, () => {
      askFor('sweeps');
      return work();
    });
  }

  /** Takes lost deliveries from the App's log, and queues every repository that has pending ones. */
  async function recoverDeliveries(input: { jobId: string }): Promise<{ recovered: number; more: boolean }> {
    return runActivity((run) =>
      counted(input.jobId, run, async () => {
        await assertBoundApp(db(), deps.github.appId);
        const { recovered, more, error } = await holdDeliveryLog(deps.orm, run.owner, (onProgress) =>
          recover(deps, () => {
            onProgress();
            heartbeat();
          }),
        );
        await queuePending();
        if (error !== null && !more) await recordError(input.jobId, error);
        return { recovered, more };
      }),
    );
  }

  async function queuePending(): Promise<void> {
    for (let after = 0; ;) {
      const page = await repositoriesWithPending(db(), after, PENDING_PAGE);
      const known = page.filter(({ known: isKnown }) => isKnown);
      await enqueueRepositories(
        db(),
        known.map(({ id }) => ({ id, probed: null })),
        'incremental',
      );
      for (const { id } of page.filter(({ known: isKnown }) => !isKnown)) {
        await introduceRepository(deps, id);
        heartbeat();
      }
      after = page.at(-1)?.id ?? 0;
      if (page.length < PENDING_PAGE) return;
    }
  }

  /** Makes the list of installations match GitHub's; one that is missing is asked for before it is marked. */
  async function listInstallationsAtGitHub(input: { jobId: string }): Promise<{ installations: number }> {
    return runActivity((run) =>
      counted(input.jobId, run, async () => {
        await assertBoundApp(db(), deps.github.appId);
        const { rows, unreadable } = await listInstallations(deps.github);
        const refused = await writeTold(deps.orm, (tx) => writeInstallations(tx, rows));
        const refusal = refusalOf(refused);
        if (refusal !== null) await recordError(input.jobId, refusal, refused.length);
        if (unreadable.length > 0) await recordUnreadable(input.jobId, unreadable);
        await resolveMissingInstallations(input.jobId, new Set([...rows, ...unreadable].map(({ id }) => id)));
        return { installations: rows.length };
      }),
    );
  }

  /** Installations that the list lacks: the list is read once more, and each one still missing is asked for. */
  async function resolveMissingInstallations(
    jobId: string,
    listed: ReadonlySet<number | null>,
  ): Promise<void> {
    const missing = await missingFrom(listed);
    if (missing.length === 0) return;
    const again = await listInstallations(deps.github);
    const there = new Set([...again.rows, ...again.unreadable].map(({ id }) => id));
    const error = await resolveMissing<number, boolean>(
      missing.filter((id) => !there.has(id)),
      {
        ask: oneByOne(
          async (id) => (await getInstallation(deps.github, id)) === null,
          () => isGitHubAway(deps.github),
        ),
        write: async (verdicts) => {
          await inTransaction(deps.orm, async (tx) => {
            for (const [id, gone] of verdicts) if (gone) await markInstallationDeleted(tx, id);
          });
        },
      },
    );
    if (error === null) return;
    // An answer that cannot be read is about an installation that is there.
    deps.log.warn({ err: error }, 'installations that the list lacks could not be asked for');
    await recordError(jobId, error);
  }

  async function recordError(jobId: string, { code, message }: SyncError, errors = 1): Promise<void> {
    deps.log.warn({ code, reason: message }, 'the list of installations was not taken over as a whole');
    await recordFailure(db(), jobId, { code, message }, errors);
  }

  async function missingFrom(listed: ReadonlySet<number | null>): Promise<number[]> {
    const missing: number[] = [];
    for (let after = 0; ;) {
      const page = await installationsAfter(db(), after, PAGE);
      missing.push(...page.filter((id) => !listed.has(id)));
      after = page.at(-1) ?? 0;
      if (page.length < PAGE) return missing;
    }
  }

  async function recordUnreadable(jobId: string, unreadable: readonly Unreadable[]): Promise<void> {
    deps.log.warn({ unreadable }, 'installations could not be read');
    const message = `${unreadable.length} installations: ${unreadable[0]?.reason}`;
    await recordFailure(db(), jobId, { code: 'GITHUB_BAD_ANSWER', message }, unreadable.length);
  }

  /** Queues this sweep's share of the complete comparison; all of it with `everything`. */
  async function queueVerification(input: { everything: boolean }): Promise<{ queued: number }> {
    return runActivity(async () => {
      const share = input.everything ? 1 : Math.min(1, deps.sweepIntervalMs / deps.verifyIntervalMs);
      const olderThanMs = input.everything ? 0 : deps.verifyIntervalMs;
      return { queued: await enqueueVerification(db(), share, olderThanMs) };
    });
  }

  /** The next installations that are not marked as gone, by id. */
  async function nextInstallations(input: { after: number }): Promise<{ ids: number[]; more: boolean }> {
    return runActivity(async () => {
      const ids = await installationsAfter(db(), input.after, PAGE);
      return { ids, more: ids.length === PAGE };
    });
  }

  /** Wakes the import of an installation, which continues with its queue where the sweep ended. */
  async function leaveToImport(input: { installationId: number }): Promise<void> {
    return runActivity(async () => {
      const target = await findInstallationTarget(db(), input.installationId);
      if (target?.state === 'live') await deps.wakeImport(target);
    });
  }

  /** Writes down what the complete comparisons found, once every live repository has had one. */
  async function concludeVerification(): Promise<void> {
    return runActivity(() => recordVerification(db()));
  }

  return {
    recoverDeliveries,
    listInstallationsAtGitHub,
    queueVerification,
    nextInstallations,
    leaveToImport,
    concludeVerification,
  };
}
