import { RefreshCw, ShieldCheck } from 'lucide-react';
import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { stateOf } from '../../ui/states.ts';
import { Time } from '../../ui/time.tsx';
import { toneSoft } from '../../ui/tone.ts';
import { areWaiting, healthSentence } from './health-sentence.ts';

/** One sentence of health, when it was last verified, and the two ways to verify it now. */
export function Verdict({ health, overview }: { health: Health; overview: Overview }) {
  const isWaiting = health.status === 'healthy' && areWaiting(health);
  const { icon: Icon, tone } = stateOf(isWaiting ? 'pending' : health.status);
  const { says, advice } = healthSentence(health, overview.freshness);
  const sweep = useAction({
    path: '/api/sync/periodic/',
    told: () => ({
      title: 'A sweep was requested',
      description: 'It asks GitHub what changed in every repository. Its job appears when a worker begins.',
      href: '/jobs?job_type=periodic_sweep',
    }),
    refused: 'The sweep could not be started',
  });
  const verify = useAction({
    path: '/api/dashboard/verification/',
    told: () => ({
      title: 'A verification was requested',
      description: 'It compares every row with GitHub. Its job appears when a worker begins.',
      href: '/jobs?job_type=periodic_sweep',
    }),
    refused: 'The verification could not be started',
  });
  return (
    <section
      aria-label="Health"
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line bg-surface p-4"
    >
      <span className={`flex size-10 shrink-0 items-center justify-center rounded-full ${toneSoft[tone]}`}>
        <Icon aria-hidden size={20} />
      </span>
      <div className="min-w-0 grow basis-56">
        <p className="text-base font-semibold tracking-tight">{says}</p>
        {advice !== null && <p>{advice}</p>}
        <p className="text-muted">{lastSweep(health)}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon={RefreshCw} busy={sweep.busy} onClick={sweep.run}>
          Sweep now
        </Button>
        <Button icon={ShieldCheck} busy={verify.busy} onClick={verify.run}>
          Verify everything
        </Button>
      </div>
    </section>
  );
}

function lastSweep({ last_periodic_sync: sweep, dependencies }: Health) {
  if (dependencies.database === 'down') return 'The figures are unknown until it answers.';
  if (sweep === null) return 'No sweep has run yet.';
  if (sweep.finished_at === null) {
    return (
      <>
        A sweep is running, started <Time value={sweep.started_at} />.
      </>
    );
  }
  return (
    <>
      The last sweep {sweep.status === 'completed' ? 'completed' : `ended as ${sweep.status}`}{' '}
      <Time value={sweep.finished_at} />
      {sweep.repos_processed > 0 && `, over ${plural(sweep.repos_processed, 'repository', 'repositories')}`}.
    </>
  );
}
