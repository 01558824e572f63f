import type { Job } from '../model.ts';
import type { Progress } from '../workflows/messages.ts';

/** A running sweep in one line. */
export function progressLine(job: Job, progress: Progress | null): string {
  const parts = [counts(job)];
  if (progress !== null) {
    const of = progress.total === null ? '' : ` of ${progress.total}`;
    parts.unshift(`${progress.phase}: ${progress.done}${of}`);
    if (progress.eta_seconds !== null) parts.push(`about ${duration(progress.eta_seconds)} left`);
  }
  return parts.join(', ');
}

/** How a sweep ended and, if something failed, what to look at. */
export function finalLine(job: Job): string {
  const took = job.duration_ms === null ? '' : ` in ${duration(job.duration_ms / 1000)}`;
  const error = job.error === null ? '' : `\n${job.error.code}: ${job.error.message}`;
  return `Sweep ${job.status}${took}: ${counts(job)}${error}`;
}

function counts(job: Job): string {
  const changed =
    `${job.commits_imported} commits, ${job.issues_imported} issues and ` +
    `${job.pull_requests_imported} pull requests changed`;
  const failed = job.errors > 0 ? `, ${job.errors} failed` : '';
  return `${job.repositories_processed} repositories${failed}, ${changed}, ${job.api_requests} requests`;
}

function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
