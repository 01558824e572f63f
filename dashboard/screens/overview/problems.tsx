import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { plural } from '../../ui/format.ts';
import { stateOf } from '../../ui/states.ts';
import { ClockTime, Time } from '../../ui/time.tsx';
import { toneText } from '../../ui/tone.ts';

type Problem = Overview['problems'][number];

/** What needs attention, each with what to do and where. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <Card title="Needs attention" flush>
      <ul>
        {problems.map((problem) => (
          <ProblemRow key={`${problem.kind}/${problem.code}`} problem={problem} />
        ))}
      </ul>
    </Card>
  );
}

/** For pending deliveries, which have no error of their own. */
const WAITING = 'They are applied in order. If none is, check that a worker runs: npm run doctor.';

interface Described {
  state: string;
  title: ReactNode;
  href: string;
}

function ProblemRow({ problem }: { problem: Problem }) {
  const { title, href, state } = describe(problem);
  const { icon: Icon, tone } = stateOf(state);
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-3 first:border-0">
      <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${toneText[tone]}`} />
      <div className="min-w-0 grow">
        <p className="font-medium break-words">{title}</p>
        <p className="text-muted">{problem.advice ?? WAITING}</p>
      </div>
      <Link href={href} className={buttonClass('plain')}>
        Show<span className="sr-only"> {problem.code ?? problem.kind}</span>
        <ChevronRight aria-hidden size={14} />
      </Link>
    </li>
  );
}

function describe({ kind, code, count, name, id, at, message }: Problem): Described {
  switch (kind) {
    case 'repository_error':
      return {
        state: 'needs_you',
        title:
          count === 1
            ? `${name ?? ''}: ${message ?? code}`
            : `${plural(count, 'repository', 'repositories')}: ${message ?? code}`,
        href: count === 1 ? `/repositories/${id}` : '/repositories?state=needs_you',
      };
    case 'installation_suspended':
      return {
        state: 'paused',
        title:
          count === 1 ? `The App is suspended for ${name}` : `The App is suspended for ${count} accounts`,
        href: count === 1 ? `/installations/${id}` : '/installations?suspended=true',
      };
    case 'deliveries_failed':
      return {
        state: 'failed',
        title: `${plural(count, 'delivery', 'deliveries')} failed within 24 hours: ${code}`,
        href: '/deliveries?status=failed',
      };
    case 'deliveries_waiting':
      return {
        state: 'pending',
        title: (
          <>
            {plural(count, 'delivery', 'deliveries')} pending, the oldest since <Time value={at} />
          </>
        ),
        href: '/deliveries?status=pending',
      };
    case 'sweep_incomplete':
      return {
        state: 'partial',
        title: (
          <>
            The last sweep was incomplete, <Time value={at} />: {code}
          </>
        ),
        href: '/jobs?job_type=periodic_sweep',
      };
    default:
      return {
        state: 'limited',
        title: (
          <>
            {code}: {count === 1 ? (name ?? `installation ${id}`) : plural(count, 'account')} waiting for
            GitHub until {at !== null && <ClockTime value={at} />}
          </>
        ),
        href: count === 1 ? `/installations/${id}` : '/installations',
      };
  }
}
