import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { request, type ApiError } from './request.ts';
import { timed } from './request-times.ts';

/**
 * The API's answer at `path`, kept up to date by the pulse. Null requests nothing. `keep` shows the last answer
 * while another page of the same list is loading.
 */
export function useApi<T>(
  path: string | null,
  options: { keep?: boolean; also?: readonly number[] } = {},
): UseQueryResult<T, ApiError> {
  return useQuery<T, ApiError>({
    queryKey: [path],
    queryFn: ({ signal }) =>
      timed(path ?? '', signal, () => request<T>(path ?? '', { signal }, options.also)),
    enabled: path !== null,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A path with its filters; unset ones are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
