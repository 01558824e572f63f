import { formatDuration } from '../../ui/format.ts';

interface Timed {
  received_at: string;
  /** when it was last requeued */
  requeued_at: string | null;
  processed_at: string | null;
}

/** How long a delivery waited until it was applied; if it was requeued, counted from then. */
export function appliedAfter({ received_at: received, requeued_at: again, processed_at: at }: Timed): string {
  return at === null ? '–' : formatDuration(Date.parse(at) - Date.parse(again ?? received));
}
