import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/request.ts';
import { ErrorCard } from './error-card.tsx';
import { Skeleton } from './skeleton.tsx';

interface QueryViewProps<T> {
  query: UseQueryResult<T, ApiError>;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** The answer; until the first one grey lines; an error only where there is nothing older to show. */
export function QueryView<T>({ query, lines = 4, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ErrorCard error={query.error} retry={() => void query.refetch()} />;
  return <Skeleton lines={lines} />;
}
