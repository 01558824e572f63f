import type { Progress } from './messages.ts';
import { showDetails } from './show-details.ts';

/** What a run hands on to the one that continues it. */
interface SweepState {
  done: number;
  total: number;
  /** when the sweep began, in epoch milliseconds */
  since: number;
}

/** How far a sweep has come through the installations: for its query, its details and the run that continues it. */
export function createSweepProgress({ done, total, since }: SweepState = { done: 0, total: 0, since: 0 }) {
  const state = { done, total, since };
  const progress: Progress = { phase: 'beginning', done: 0, total: null, eta_seconds: null };
  return {
    state,
    /** what the query answers */
    progress,
    /** @param page the job's page of the dashboard */
    show: (phase: string, page: string | null): void => {
      const elapsed = (Date.now() - state.since) / 1000;
      const left = Math.max(0, state.total - state.done);
      const eta = state.done > 0 ? Math.round((elapsed / state.done) * left) : null;
      const known = state.total === 0 ? null : state.total;
      Object.assign(progress, { phase, done: state.done, total: known, eta_seconds: eta });
      showDetails(`${phase}: ${state.done} of ${state.total} installations`, page);
    },
  };
}
