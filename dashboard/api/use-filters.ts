import type { UseQueryResult } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useSearchParams } from 'wouter';
import type { ApiError } from './request.ts';
import { useApi, withQuery } from './use-api.ts';

interface Filters<Name extends string> {
  /** the filters that are set, '' for the others */
  filters: Record<Name, string>;
  set: (name: Name, value: string) => void;
  /** the props of a field that sets one of them */
  field: (name: Name) => { value: string; onChange: (value: string) => void };
  /** the page that is shown, for a `Pager` */
  place: { cursor: string; go: (cursor: string) => void };
}

/** The filters of a list, kept in the URL. Changing a filter returns to the first page. */
export function useFilters<const Name extends string>(names: readonly Name[]): Filters<Name> {
  const [params, setParams] = useSearchParams();
  const put = useCallback(
    (name: string, value: string, first: boolean) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          if (first) next.delete('cursor');
          if (value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        // The browser's Back steps through pages, but not through each letter of a search.
        { replace: first },
      ),
    [setParams],
  );
  const set = useCallback((name: Name, value: string) => put(name, value, true), [put]);
  const go = useCallback((cursor: string) => put('cursor', cursor, false), [put]);
  const filters = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ''])) as Record<
    Name,
    string
  >;
  return {
    filters,
    set,
    field: (name) => ({ value: filters[name], onChange: (value) => set(name, value) }),
    place: { cursor: params.get('cursor') ?? '', go },
  };
}

/**
 * The page of the API's list at `path` for these filters and the cursor; the last one while another is loading.
 */
export function useFilteredPage<T>(
  path: string,
  { filters, place }: Pick<Filters<string>, 'filters' | 'place'>,
  limit = 50,
): UseQueryResult<T, ApiError> {
  return useApi<T>(withQuery(path, { limit, cursor: place.cursor, ...filters }), { keep: true });
}
