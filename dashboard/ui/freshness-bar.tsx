import type { Overview } from '../../src/api/routes/dashboard/schemas.ts';
import { stateOf } from './states.ts';
import { toneFill } from './tone.ts';

export const freshnessOrder = ['fresh', 'catching_up', 'late', 'needs_you', 'paused'] as const;

/** The shares of all repositories as one bar. */
export function FreshnessBar({ freshness }: { freshness: Overview['freshness'] }) {
  const label = freshnessOrder
    .map((name) => `${freshness[name]} ${stateOf(name).word.toLowerCase()}`)
    .join(', ');
  return (
    <div role="img" aria-label={label} className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-raised">
      {freshnessOrder.map(
        (name) =>
          freshness[name] > 0 && (
            <div
              key={name}
              className={`min-w-1 ${toneFill[stateOf(name).tone]}`}
              style={{ flexGrow: freshness[name] }}
            />
          ),
      )}
    </div>
  );
}
