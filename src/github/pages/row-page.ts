import type { z } from 'zod';
import { itemsOf } from './page-items.ts';
import { readEach, type Unreadable } from './unreadable.ts';
import type { Page } from './page.ts';

/** One page of a list as our rows. `url` is where an interrupted reading continues. */
export interface RowPage<Row> {
  rows: Row[];
  /** elements that exist but cannot be read: never absent, and counted by GitHub */
  unreadable: Unreadable[];
  url: string;
  next: string | null;
  /** how many pages the list has, if GitHub names the last one by number */
  pages: number | null;
  date: string;
}

/** How the elements of a list become rows: a described kind, or an equivalent. */
export interface ListedKind<Row> {
  row: z.ZodType<Row>;
  label: string;
  isOther?: (element: unknown) => boolean;
  restDefaults?: Readonly<Record<string, unknown>>;
}

/** A page of GitHub's as rows. Oddities in elements of another kind do not matter. */
export function rowPage<Row>({ url, answer, holes }: Page, kind: ListedKind<Row>): RowPage<Row> {
  const { isOther, restDefaults } = kind;
  let own = itemsOf(answer.data);
  if (own !== null && isOther !== undefined) own = own.filter((element) => !isOther(element));
  if (own !== null && restDefaults !== undefined)
    own = own.map((element) => withDefaults(element, restDefaults));
  const { items, unreadable } = readEach(kind.row, own ?? answer.data, kind.label);
  return {
    rows: items,
    unreadable: [...holes, ...unreadable],
    url,
    next: answer.links.next,
    pages: answer.links.last === null ? null : pageNumber(answer.links.last),
    date: answer.date,
  };
}

/** An object as REST shows it, with the fields that REST omits; not copied if none is omitted. */
export function withDefaults(element: unknown, defaults: Readonly<Record<string, unknown>>): unknown {
  if (typeof element !== 'object' || element === null) return element;
  for (const name in defaults) if (!(name in element)) return { ...defaults, ...element };
  return element;
}

function pageNumber(url: string): number | null {
  return Number(new URL(url).searchParams.get('page')) || null;
}
