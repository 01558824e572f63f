import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { formatDuration, plural } from '../../ui/format.ts';

/**
 * The state of the mirror, and what a person should do about it; null if there is nothing to do, or it is shown
 * below.
 */
interface Sentence {
  says: string;
  advice: string | null;
}

/** The parts of health that the sentence is made from. */
type Standing = Pick<Health, 'status' | 'dependencies'> & {
  webhooks: Pick<Health['webhooks'], 'pending' | 'oldest_pending_seconds'>;
  last_periodic_sync: Pick<NonNullable<Health['last_periodic_sync']>, 'status'> | null;
};

/** As in `health-status.ts`. */
const SECONDS_PENDING = 15 * 60;
const DOCTOR = 'npm run doctor shows what is wrong.';

/** From then on `problems.ts` lists pending deliveries. */
const SECONDS_WAITING = 60;

/** Whether deliveries have been pending for so long that the rows cannot be said to match GitHub. */
export function areWaiting({ webhooks }: Pick<Standing, 'webhooks'>): boolean {
  return (webhooks.oldest_pending_seconds ?? 0) >= SECONDS_WAITING;
}

/** The worst problem comes first. */
export function healthSentence(health: Standing, freshness: Overview['freshness']): Sentence {
  const { needs_you: failing, catching_up: catching, late } = freshness;
  const away = awaySentence(health.dependencies);
  if (away !== null) return away;
  if (failing > 0)
    return { says: `${plural(failing, 'repository needs', 'repositories need')} attention.`, advice: null };
  if (health.status === 'unhealthy') return behindSentence(health);
  if (catching > 0) {
    const held =
      health.dependencies.github === 'limited' ? '; some work is waiting for GitHub’s rate limit' : '';
    return {
      says: `${plural(catching, 'repository is', 'repositories are')} catching up${held}.`,
      advice: null,
    };
  }
  if (late > 0)
    return {
      says: `${plural(late, 'repository was', 'repositories were')} not compared in time.`,
      advice: 'The next sweep compares them; “Sweep now” does so at once.',
    };
  return passingSentence(health) ?? { says: equalSentence(freshness), advice: null };
}

export function awaySentence({ database, temporal, github }: Health['dependencies']): Sentence | null {
  if (database === 'down') {
    return {
      says: 'PostgreSQL does not answer, so nothing can be mirrored.',
      advice: 'Check that it runs and accepts connections at DATABASE_URL.',
    };
  }
  if (temporal === 'down') {
    return {
      says: 'Temporal does not answer. Deliveries are kept until it does.',
      advice: 'Check that it runs at TEMPORAL_ADDRESS; pending deliveries are applied when it is back.',
    };
  }
  if (github === 'down') {
    return { says: 'GitHub cannot be reached, so the mirror is not being updated.', advice: DOCTOR };
  }
  return null;
}

/** Unhealthy, although everything is up: nothing does the work. */
function behindSentence({ webhooks }: Standing): Sentence {
  const waits = webhooks.oldest_pending_seconds ?? 0;
  const says =
    waits >= SECONDS_PENDING
      ? `Deliveries have been pending for up to ${formatDuration(waits * 1000)}, and none is being applied.`
      : 'No sweep has completed for three periods, so lost webhooks are not recovered.';
  return { says, advice: `Check that a worker runs; ${DOCTOR}` };
}

/** Problems that may end by themselves. */
function passingSentence(health: Standing): Sentence | null {
  const { dependencies, status, webhooks, last_periodic_sync: sweep } = health;
  if (dependencies.github === 'limited')
    return { says: 'Some work is waiting for GitHub’s rate limit; it resumes by itself.', advice: null };
  if (areWaiting(health))
    return {
      says: `${plural(webhooks.pending ?? 0, 'delivery is', 'deliveries are')} waiting to be applied.`,
      advice: null,
    };
  if (status === 'healthy') return null;
  const advice = 'Its job says why; “Sweep now” tries again.';
  if (sweep?.status === 'failed') return { says: 'The last sweep failed.', advice };
  if (sweep?.status === 'cancelled') return { says: 'The last sweep was cancelled.', advice };
  if (sweep?.status === 'partial') return { says: 'The last sweep was incomplete.', advice };
  return { says: 'Something needs attention.', advice: DOCTOR };
}

/** Paused ones are not compared: whether they match is unknown. */
function equalSentence({ fresh, paused }: Overview['freshness']): string {
  const waiting = `${plural(paused, 'repository is', 'repositories are')} paused: the App is suspended there`;
  if (fresh === 0) return paused === 0 ? 'Installed, but no repositories yet.' : `${waiting}.`;
  const equal = `${plural(fresh, 'repository matches', 'repositories match')} GitHub`;
  if (paused > 0) return `${equal}; ${waiting}.`;
  return fresh === 1 ? 'The only repository matches GitHub.' : `All ${equal}.`;
}
