import type { Job } from '../model.ts';
import { counted } from '../text.ts';
import type { Progress } from '../workflows/messages.ts';

/** A running sweep in one line. */
export function progressLine(job: Job, progress: Progress | null): string {
  const parts = [counts(job)];
  if (progress !== null) {
    const { phase, done, total } = progress;
    // The first phases count nothing.
    if (total !== null) parts.unshift(`${phase}: ${done} of ${total}`);
    else parts.unshift(done === 0 ? phase : `${phase}: ${done}`);
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
    `${counted(job.commits_imported, 'commit')}, ${counted(job.issues_imported, 'issue')} and ` +
    `${counted(job.pull_requests_imported, 'pull request')} changed`;
  const failed = job.errors > 0 ? `, ${job.errors} failed` : '';
  const repositories = counted(job.repositories_processed, 'repository', 'repositories');
  return `${repositories}${failed}, ${changed}, ${counted(job.api_requests, 'request')}`;
}

function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
