import type { Progress } from './messages.ts';
import { showDetails } from './show-details.ts';

/** What a run hands on to the one that continues it. */
interface Come {
  done: number;
  total: number;
  /** when the sweep began, in epoch milliseconds */
  since: number;
}

/** How far a sweep has come through the installations: for its query, its details and the run that continues it. */
export function createSweepProgress({ done, total, since }: Come = { done: 0, total: 0, since: 0 }) {
  const come = { done, total, since };
  const progress: Progress = { phase: 'beginning', done: 0, total: null, eta_seconds: null };
  return {
    come,
    /** what the query answers */
    progress,
    /** @param page the job's page of the dashboard */
    show: (phase: string, page: string | null): void => {
      const elapsed = (Date.now() - come.since) / 1000;
      const left = Math.max(0, come.total - come.done);
      const eta = come.done > 0 ? Math.round((elapsed / come.done) * left) : null;
      const known = come.total === 0 ? null : come.total;
      Object.assign(progress, { phase, done: come.done, total: known, eta_seconds: eta });
      showDetails(`${phase}: ${come.done} of ${come.total} installations`, page);
    },
  };
}
