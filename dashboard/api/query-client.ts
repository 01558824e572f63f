import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './request.ts';

/** Answers stay cached until the pulse says that something changed; a 401 asks for the token. */
export function createQueryClient(onUnauthorized: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) onUnauthorized();
      },
    }),
    defaultOptions: {
      queries: { staleTime: 5000, refetchOnWindowFocus: false, refetchOnReconnect: true, retry: shouldRetry },
    },
  });
}

function shouldRetry(failures: number, error: Error): boolean {
  // The next pulse fetches again anyway; one retry bridges a restart.
  return failures < 1 && error instanceof ApiError && (error.status === 0 || error.status === 503);
}
