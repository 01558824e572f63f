import type { ReactNode } from 'react';

/** One figure with its name. */
export function Stat({ name, children, note }: { name: string; children: ReactNode; note?: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs text-muted">{name}</dt>
      <dd className="mt-0.5 truncate text-xl font-semibold tabular-nums tracking-tight">{children}</dd>
      {note !== undefined && <dd className="truncate text-xs text-muted">{note}</dd>}
    </div>
  );
}

interface StatsProps {
  /** six per row if there is room, so that two rows of them are aligned */
  six?: boolean;
  children: ReactNode;
}

/** Figures in a row that wraps. */
export function Stats({ six = false, children }: StatsProps) {
  const columns = six
    ? 'grid-cols-2 sm:grid-cols-3 lg:grid-cols-6'
    : 'grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))]';
  return <dl className={`grid gap-x-6 gap-y-4 ${columns}`}>{children}</dl>;
}
