import type { Config } from '../../config.ts';
import { listProblems, type Problem } from '../../db/dashboard/problems.ts';
import type { Sql } from '../../db/orm.ts';
import { errorTable, isErrorCode } from '../../errors.ts';
import { fault, ok, warning, type Finding } from '../finding.ts';

/** As in health (`health-status.ts`): a delivery pending for longer is not merely queued. */
const LONG_WAIT_MS = 15 * 60_000;

/**
 * The mirror's own problems: pending and failed deliveries, repositories in error, an incomplete sweep, rate-limited
 * installations.
 */
export async function checkMirror(
  db: Sql,
  config: Pick<Config, 'SYNC_INTERVAL' | 'SYNC_FRESH_FOR'>,
): Promise<Finding[]> {
  const problems = await listProblems(db, {
    intervalMs: config.SYNC_INTERVAL,
    freshForMs: config.SYNC_FRESH_FOR,
  });
  const findings = problems.map(findingOf).filter((finding) => finding !== null);
  return findings.length > 0 ? findings : [ok('mirror', 'no delivery or repository needs attention')];
}

function findingOf({ kind, code, count, name, at, message }: Problem): Finding | null {
  const what = code ?? 'UNKNOWN';
  const advice = isErrorCode(what) ? errorTable[what].advice : 'See the logs of the API and the worker.';
  if (kind === 'repository_error') {
    const whose = count === 1 ? name : `${count} repositories`;
    const reason = (message ?? '').replace(/\.$/, '');
    const why = `${count === 1 ? 'Its' : 'Their'} rows stay as last known.`;
    return warning('mirror', { message: `${whose}: ${what}: ${reason}.`, why, advice });
  }
  if (kind === 'deliveries_failed') {
    const why = 'They are not applied; their repositories are compared instead.';
    return warning('mirror', {
      message: `${count} deliveries failed in the last 24 h: ${what}.`,
      why,
      advice,
    });
  }
  if (kind === 'blocked') {
    const whose = count === 1 ? (name ?? 'the App') : `${count} installations`;
    const why = 'Work that needs GitHub waits for it.';
    return warning('mirror', { message: `${whose}: ${what} until ${at}.`, why, advice });
  }
  if (kind === 'sweep_incomplete') {
    const why = 'What it could not compare stays as last known.';
    return warning('mirror', { message: `the last sweep was incomplete: ${what}.`, why, advice });
  }
  // `installations` reports suspensions, from GitHub itself.
  if (kind === 'installation_suspended' || at === null) return null;
  if (Date.now() - Date.parse(at) < LONG_WAIT_MS) return null;
  return fault('mirror', {
    message: `${count} deliveries are pending, the oldest since ${at}.`,
    why: 'The mirror falls behind GitHub.',
    advice: 'Check that a worker runs; webhook_deliveries.error says what each is waiting for.',
  });
}
