import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/request.ts';
import { ErrorCard } from './error-card.tsx';
import { Page } from './page.tsx';
import { Skeleton } from './skeleton.tsx';

interface QueryViewProps<T> {
  query: UseQueryResult<T, ApiError>;
  lines?: number;
  /** it is the whole screen, which has this title until its own is known */
  screen?: string;
  children: (data: T) => ReactNode;
}

/** The answer; grey lines until the first one arrives; an error only if there is nothing older to show. */
export function QueryView<T>({ query, lines = 4, screen, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data);
  const waiting =
    query.error === null ? (
      <Skeleton lines={lines} />
    ) : (
      <ErrorCard error={query.error} retry={() => void query.refetch()} />
    );
  if (screen === undefined) return waiting;
  return (
    <Page title={screen} plain>
      {waiting}
    </Page>
  );
}
