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

/** Figures in a row that wraps. */
export function Stats({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] gap-x-6 gap-y-4">{children}</dl>;
}
