import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { formatDuration, plural } from '../../ui/format.ts';

/** How the mirror stands, and what a person should do about it; null where that is nothing, or stands below. */
interface Sentence {
  says: string;
  advice: string | null;
}

/** What of health the sentence is made from. */
type Standing = Pick<Health, 'status' | 'dependencies'> & {
  webhooks: Pick<Health['webhooks'], 'pending' | 'oldest_pending_seconds'>;
  last_periodic_sync: Pick<NonNullable<Health['last_periodic_sync']>, 'status'> | null;
};

/** As in `health-status.ts`. */
const SECONDS_PENDING = 15 * 60;
const DOCTOR = 'npm run doctor tells what is wrong.';

/** What is worst comes first. */
export function healthSentence(health: Standing, freshness: Overview['freshness']): Sentence {
  const { needs_you: failing, catching_up: catching, late } = freshness;
  const away = awaySentence(health.dependencies);
  if (away !== null) return away;
  if (failing > 0)
    return { says: `${plural(failing, 'repository needs', 'repositories need')} you.`, advice: null };
  if (health.status === 'unhealthy') return behindSentence(health);
  if (catching > 0) {
    const held = health.dependencies.github === 'limited' ? '; GitHub’s limit makes some work wait' : '';
    return {
      says: `${plural(catching, 'repository is', 'repositories are')} catching up${held}.`,
      advice: null,
    };
  }
  if (late > 0)
    return {
      says: `${plural(late, 'repository was', 'repositories were')} not compared in time.`,
      advice: 'The next sweep comes to them; “Sweep now” does it at once.',
    };
  return passingSentence(health) ?? { says: equalSentence(freshness), advice: null };
}

export function awaySentence({ database, temporal, github }: Health['dependencies']): Sentence | null {
  if (database === 'down') {
    return {
      says: 'PostgreSQL does not answer: nothing can be mirrored.',
      advice: 'See whether it runs and accepts connections at DATABASE_URL.',
    };
  }
  if (temporal === 'down') {
    return {
      says: 'Temporal does not answer: deliveries are kept and wait for it.',
      advice: 'See whether it runs at TEMPORAL_ADDRESS; what waits is applied on its return.',
    };
  }
  if (github === 'down') {
    return { says: 'GitHub cannot be asked: the mirror is as it last was.', advice: DOCTOR };
  }
  return null;
}

/** Unhealthy, with everything there: nobody does the work. */
function behindSentence({ webhooks }: Standing): Sentence {
  const waits = webhooks.oldest_pending_seconds ?? 0;
  const says =
    waits >= SECONDS_PENDING
      ? `Deliveries have waited for up to ${formatDuration(waits * 1000)}, and none is applied.`
      : 'No sweep has completed for three periods: what webhooks lost is not found.';
  return { says, advice: `See whether a worker runs; ${DOCTOR}` };
}

/** Something that makes a difference, and may end by itself. */
function passingSentence(health: Standing): Sentence | null {
  const { dependencies, status, webhooks, last_periodic_sync: sweep } = health;
  if (dependencies.github === 'limited')
    return { says: 'GitHub’s limit makes some work wait; it resumes by itself.', advice: null };
  if (status === 'healthy') return null;
  const pending = webhooks.pending ?? 0;
  if (pending > 0) {
    return {
      says: `${plural(pending, 'delivery waits', 'deliveries wait')} to be applied.`,
      advice: 'The list of deliveries says what for.',
    };
  }
  if (sweep?.status === 'failed' || sweep?.status === 'cancelled') {
    return { says: `The last sweep ${sweep.status}.`, advice: 'Its job says why; “Sweep now” tries again.' };
  }
  return null;
}

/** Paused ones are not compared: nobody knows whether they are equal. */
function equalSentence({ fresh, paused }: Overview['freshness']): string {
  const waiting = `${plural(paused, 'repository is', 'repositories are')} paused: the App is suspended there`;
  if (fresh === 0) return paused === 0 ? 'Installed, and no repositories yet.' : `${waiting}.`;
  const equal = `${plural(fresh, 'repository is', 'repositories are')} equal to GitHub`;
  if (paused > 0) return `${equal}; ${waiting}.`;
  return fresh === 1 ? 'The one repository is equal to GitHub.' : `All ${equal}.`;
}
