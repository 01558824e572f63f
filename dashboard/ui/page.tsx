import type { ReactNode } from 'react';
import { useTitle } from './use-title.ts';

interface PageProps {
  /** the content is self-explanatory: the heading is only for screen readers */
  plain?: boolean;
  /** also the document's title */
  title: string;
  summary?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: its title, its actions, its content. */
export function Page({ plain = false, title, summary, actions, children }: PageProps) {
  useTitle(title);
  if (plain) {
    return (
      <>
        <h1 className="sr-only">{title}</h1>
        {children}
      </>
    );
  }
  return (
    <>
      <div className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 dir="auto" className="text-xl font-semibold tracking-tight break-words">
            {title}
          </h1>
          {summary !== undefined && <div className="mt-1 text-muted">{summary}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </>
  );
}
