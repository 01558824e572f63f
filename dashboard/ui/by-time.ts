import type { Sort } from './table.tsx';

/**
 * The heading of a list that is kept by its time: newest first, or oldest. Such a list may be millions long, and there is no
 * index for another order.
 */
export function byTime(first: string, set: (name: 'first', value: string) => void): Sort {
  const isOldest = first === 'oldest';
  return {
    isActive: true,
    order: isOldest ? 'ascending' : 'descending',
    choose: () => set('first', isOldest ? '' : 'oldest'),
  };
}
