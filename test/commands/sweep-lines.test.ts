import { expect, it } from '@jest/globals';
import { finalLine, progressLine } from '../../src/commands/sweep-lines.ts';
import type { Job } from '../../src/model.ts';

const job: Job = {
  id: '00000000-0000-4000-8000-000000000001',
  job_type: 'periodic_sweep',
  status: 'running',
  trigger: 'manual',
  installation_id: null,
  repository_id: null,
  repositories_processed: 3,
  commits_imported: 20,
  issues_imported: 1,
  pull_requests_imported: 0,
  rows: {},
  api_requests: 9,
  rate_limit_points: 2,
  errors: 0,
  error: null,
  started_at: '2026-01-05T10:00:00.000Z',
  finished_at: null,
  duration_ms: null,
  workflow_id: 'periodic-sweep/manual',
  run_id: 'r',
  temporal_url: null,
};

it('shows what is done, what remains, and what changed', () => {
  const progress = { phase: 'repositories', done: 3, total: 5, eta_seconds: 4 };
  expect(progressLine(job, progress)).toBe(
    'repositories: 3 of 5, 3 repositories, 20 commits, 1 issue and 0 pull requests changed, 9 requests, about 4.0 s left',
  );
  expect(progressLine(job, { ...progress, total: null, eta_seconds: null })).toMatch(
    /^repositories: 3, 3 repositories/,
  );
  const first = { phase: 'listing installations', done: 0, total: null, eta_seconds: null };
  expect(progressLine(job, first)).toMatch(/^listing installations, 3 repositories/);
  expect(progressLine(job, null)).toMatch(/^3 repositories/);
});

it('shows how it ended, and why', () => {
  const error = { code: 'PARTLY_FAILED', message: '2 repositories failed' } as const;
  expect(finalLine({ ...job, status: 'partial', errors: 2, error, duration_ms: 130_000 })).toBe(
    'Sweep partial in 2 min: 3 repositories, 2 failed, 20 commits, 1 issue and 0 pull requests changed, 9 requests\nPARTLY_FAILED: 2 repositories failed',
  );
});
