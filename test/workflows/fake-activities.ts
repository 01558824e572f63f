import { cancelled, heartbeat } from '@temporalio/activity';
import type { Activities } from '../../src/activities/index.ts';
import type { RoundResult } from '../../src/activities/repository-activities.ts';
import type { RoundInput } from '../../src/activities/repository-round.ts';
import type { Job } from '../../src/model.ts';

/** A finished job, with no counts in it. */
export function jobOf(changes: Partial<Job> = {}): Job {
  return {
    id: '00000000-0000-8000-8000-000000000001',
    job_type: 'repository_sync',
    status: 'completed',
    trigger: 'manual',
    installation_id: 7,
    repository_id: 42,
    repositories_processed: 1,
    commits_imported: 3,
    issues_imported: 2,
    pull_requests_imported: 1,
    rows: {},
    api_requests: 9,
    rate_limit_points: 4,
    errors: 0,
    error: null,
    started_at: '2026-01-05T10:00:00.000Z',
    finished_at: '2026-01-05T10:00:01.000Z',
    duration_ms: 1000,
    workflow_id: 'repo-sync/42',
    run_id: '00000000-0000-4000-8000-000000000002',
    temporal_url: null,
    ...changes,
  };
}

/** What a round answers: its job's id tells the round. */
export function roundOf(input: RoundInput, changes: Partial<RoundResult> = {}): RoundResult {
  const job = jobOf({ id: `round-${input.round}`, trigger: input.trigger });
  return { job, more: false, waiting: null, retryAfterMs: null, labels: null, page: null, ...changes };
}

/** Activities that do nothing and succeed, but for those given. No installation has repositories that wait. */
export function fakeActivities(given: Partial<Activities> = {}): Activities {
  return {
    openJob: async () => ({ jobId: 'job', opened: true, searchable: false, page: null }),
    finishJob: async ({ jobId, outcome }) =>
      jobOf({ id: jobId, status: outcome === 'done' ? 'completed' : outcome }),
    noteFailure: async () => undefined,
    syncRound: async (input) => roundOf(input),
    endRound: async () => undefined,
    applyDeliveries: async () => ({ repositories: 0, more: false, searchable: false }),
    compareInstallation: async () => ({ state: 'live', wanted: 0 }),
    workOff: async () => ({ remaining: 0, afterMs: 0, stopped: null }),
    recoverDeliveries: async () => ({ recovered: 0, more: false }),
    listInstallationsAtGitHub: async () => ({ installations: 0 }),
    queueVerification: async () => ({ queued: 0 }),
    nextInstallations: async () => ({ ids: [], more: false }),
    leaveToImport: async () => undefined,
    concludeVerification: async () => undefined,
    ...given,
  };
}

/** Opens a job where the namespace has the search attributes. */
export async function searchableJob(): ReturnType<Activities['openJob']> {
  return { jobId: 'job', opened: true, searchable: true, page: null };
}

/** Lists an installation of which a repository waits. */
export async function oneWaits(): ReturnType<Activities['compareInstallation']> {
  return { state: 'live', wanted: 1 };
}

/** An activity that does not end by itself, but learns of its cancellation. */
export async function untilCancelled(): Promise<never> {
  const beating = setInterval(() => heartbeat(), 50);
  try {
    return await cancelled();
  } finally {
    clearInterval(beating);
  }
}

/** A gate that an activity waits at until the test opens it. */
export interface Gate {
  open: () => void;
  /** somebody waits, or has passed */
  reached: Promise<void>;
  pass: () => Promise<void>;
}

export function gate(): Gate {
  const opened = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  return {
    open: opened.resolve,
    reached: reached.promise,
    pass: () => {
      reached.resolve();
      return opened.promise;
    },
  };
}

/** Lists so many repositories that wait; each call of `drainQueue` does `step` of them. */
export function queueOf(wanted: number, step: number) {
  let remaining = wanted;
  const compareInstallation: Activities['compareInstallation'] = async () => ({
    state: 'live',
    wanted: remaining,
  });
  const workOff: Activities['workOff'] = async () => {
    remaining = Math.max(0, remaining - step);
    return { remaining, afterMs: 0, stopped: null };
  };
  return { compareInstallation, workOff, add: (more: number) => (remaining += more) };
}

/** A round that waits at a gate, every other answers at once. */
export function gatedRounds(gated = 1) {
  const at = gate();
  const syncRound = async (input: RoundInput) => {
    if (input.round === gated) await at.pass();
    return roundOf(input);
  };
  return { at, syncRound };
}
