import { useId, type ReactNode } from 'react';

interface CardProps {
  title?: string;
  /** beside the title: a link, a figure */
  aside?: ReactNode;
  /** for tables: the content extends to the card's edges */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

export function Card({ title, aside, flush = false, className = '', children }: CardProps) {
  const id = useId();
  return (
    <section
      {...(title === undefined ? {} : { 'aria-labelledby': id })}
      className={`min-w-0 overflow-hidden rounded-xl border border-line bg-surface ${className}`}
    >
      {title !== undefined && (
        <header className="flex min-h-11 items-center justify-between gap-3 px-4 pt-2.5 pb-1">
          <h2 id={id} className="text-[0.8125rem] font-semibold">
            {title}
          </h2>
          <div className="text-xs text-muted">{aside}</div>
        </header>
      )}
      <div className={flush ? '' : title === undefined ? 'p-4' : 'px-4 pb-4'}>{children}</div>
    </section>
  );
}
