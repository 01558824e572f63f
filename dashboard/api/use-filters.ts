import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** The filters of a list, kept in the URL. A changed filter leads back to the first page. */
export function useFilters(): {
  get: (name: string) => string;
  set: (name: string, value: string) => void;
  cursor: string;
  go: (cursor: string) => void;
} {
  const [params, setParams] = useSearchParams();
  const get = (name: string) => params.get(name) ?? '';
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
        // Pages are gone through with the browser's Back; each letter of a search is not.
        { replace: first },
      ),
    [setParams],
  );
  const set = useCallback((name: string, value: string) => put(name, value, true), [put]);
  const go = useCallback((cursor: string) => put('cursor', cursor, false), [put]);
  return { get, set, cursor: get('cursor'), go };
}
