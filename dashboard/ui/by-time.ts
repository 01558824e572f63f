import type { Sort } from './table.tsx';

/**
 * The heading of a list ordered by time: newest or oldest first. Such a list may have millions of rows, and
 * there is no index for another order.
 */
export function byTime(first: string, set: (name: 'first', value: string) => void): Sort {
  const isOldest = first === 'oldest';
  return {
    isActive: true,
    order: isOldest ? 'ascending' : 'descending',
    choose: () => set('first', isOldest ? '' : 'oldest'),
  };
}
