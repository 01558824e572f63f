import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';

interface Column {
  name: string;
  /** right-aligned, for figures */
  right?: boolean;
  /** hidden if there is no room */
  wide?: boolean;
  /** the heading sorts by this column */
  sort?: Sort;
}

export interface Sort {
  /** the current order of the rows */
  isActive: boolean;
  order: 'ascending' | 'descending';
  choose: () => void;
}

interface TableProps {
  caption: string;
  columns: readonly (Column | string)[];
  children: ReactNode;
}

/** A table that scrolls by itself on a narrow screen. Its rows are `Row`s of `Cell`s. */
export function Table({ caption, columns, children }: TableProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div role="group" aria-label={caption} tabIndex={0} className="overflow-x-auto -outline-offset-2">
      <table className="w-full border-collapse text-[0.8125rem]">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-left text-xs text-muted">
            {columns.map((column) => {
              const {
                name,
                right = false,
                wide = false,
                sort,
              } = typeof column === 'string' ? { name: column } : column;
              return (
                <th
                  key={name}
                  scope="col"
                  aria-sort={sort?.isActive ? sort.order : undefined}
                  className={`${cellClass({ right, wide })} font-medium`}
                >
                  {sort === undefined ? name : <SortButton name={name} right={right} sort={sort} />}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function SortButton({ name, right, sort }: { name: string; right: boolean; sort: Sort }) {
  const Arrow = sort.order === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={sort.choose}
      className={`inline-flex items-center gap-1 align-top hover:text-fg ${right ? 'flex-row-reverse' : ''} ${sort.isActive ? 'text-fg' : ''}`}
    >
      {name}
      <Arrow aria-hidden size={12} className={sort.isActive ? '' : 'invisible'} />
    </button>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return <tr className="border-b border-line last:border-0 hover:bg-raised/60">{children}</tr>;
}

interface CellProps {
  right?: boolean;
  wide?: boolean;
  /** takes the remaining room and is truncated there; on a phone it wraps, because little would be left */
  main?: boolean;
  /** a name of any length: truncated, so that no column is pushed out of sight; pointing at it shows the whole */
  name?: string;
  children?: ReactNode;
}

const mainClass =
  'w-full max-w-0 min-w-32 [overflow-wrap:anywhere] max-sm:whitespace-normal sm:min-w-44 sm:truncate';

export function Cell({ main = false, name, children, ...place }: CellProps) {
  return (
    <td
      title={name}
      className={`${cellClass(place)} ${main ? mainClass : ''} ${name === undefined ? '' : 'max-w-80 truncate'}`}
    >
      {children}
    </td>
  );
}

function cellClass({ right = false, wide = false }: { right?: boolean; wide?: boolean }): string {
  return `px-2 py-2 first:pl-4 [&:nth-last-child(1_of_:not(.hidden))]:pr-4 sm:px-4 align-middle whitespace-nowrap ${right ? 'text-right tabular-nums' : ''} ${wide ? 'hidden md:table-cell' : ''}`;
}
