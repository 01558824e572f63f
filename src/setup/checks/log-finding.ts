import type { LogState } from '../../db/system-state/log-reader.ts';
import { errorTable, isErrorCode } from '../../errors.ts';
import { fault, ok, warning, type Finding } from '../finding.ts';

/**
 * An allowance for a busy machine, besides the tenth of an interval that a worker waits while a sweep holds the
 * log.
 */
const OVERDUE_MS = 60_000;
const WHY = 'Changes are only seen through webhooks that arrive, or by the next sweep.';

/**
 * Whether a worker reads the App's delivery log between sweeps. One that reads less often on purpose is not a
 * fault.
 */
export function logFinding(state: LogState | null, intervalMs: number): Finding {
  const allowedMs = OVERDUE_MS + intervalMs / 10;
  if (state === null || (!state.is_held && state.overdue_ms > allowedMs)) {
    return fault('delivery log', {
      message:
        state === null
          ? 'it is not read between sweeps.'
          : `it was due at ${state.due_at}, and last read ${state.read_at ?? 'never'}.`,
      why: WHY,
      advice: 'Start the worker with the same SYNC_DELIVERY_LOG_INTERVAL; if it runs with it, see its log.',
    });
  }
  const { read_at: readAt, due_at: dueAt, code } = state;
  if (code === null) return ok('delivery log', `read at ${readAt}`);
  if (code === 'RATE_LIMITED') {
    return warning('delivery log', {
      message: `it is read less often than SYNC_DELIVERY_LOG_INTERVAL says: last ${readAt ?? 'never'}, next ${dueAt}.`,
      why: "Reading as often would use up the App's rate limit at GitHub.",
      advice:
        'Nothing to do: the worker returns to the interval by itself. If this happens daily, set a longer interval.',
    });
  }
  return warning('delivery log', {
    message: `it could not be read (${code}); next attempt at ${dueAt}.`,
    why: WHY,
    advice: isErrorCode(code) ? errorTable[code].advice : "See the worker's log.",
  });
}
