import { Children, type ReactNode } from 'react';

/** A short list within a card; says so if it is empty. */
export function ItemList({ children, none }: { children: ReactNode; none: string }) {
  if (Children.count(children) === 0)
    return <p className="border-t border-line px-4 py-3 text-[0.8125rem] text-muted">{none}</p>;
  return <ul className="text-[0.8125rem]">{children}</ul>;
}

interface ItemProps {
  lead?: ReactNode;
  end?: ReactNode;
  /** a second, quieter line */
  below?: ReactNode;
  children: ReactNode;
}

export function Item({ lead, end, below, children }: ItemProps) {
  return (
    <li className="flex items-baseline gap-3 border-t border-line px-4 py-2">
      {lead}
      <div className="min-w-0 grow">
        <div className="[overflow-wrap:anywhere] max-sm:line-clamp-2 sm:truncate">{children}</div>
        {below !== undefined && <div className="mt-0.5 truncate text-xs text-muted">{below}</div>}
      </div>
      <div className="shrink-0 text-xs text-muted tabular-nums">{end}</div>
    </li>
  );
}
