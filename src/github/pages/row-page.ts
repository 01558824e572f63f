import type { z } from 'zod';
import { readEach, type Unreadable } from './unreadable.ts';
import type { Page } from './page.ts';

/** One page of a list as our rows. `url` is where an interrupted reading continues. */
export interface RowPage<Row> {
  rows: Row[];
  /** what is there too, but cannot be read: never an absence, and counted by GitHub */
  unreadable: Unreadable[];
  url: string;
  next: string | null;
  /** how many pages the list has, where GitHub names the last one by number */
  pages: number | null;
  date: string;
}

/** How the elements of a list become rows: a described kind, or what stands for one. */
export interface ListedKind<Row> {
  row: z.ZodType<Row>;
  label: string;
  isOther?: (element: unknown) => boolean;
  restDefaults?: Readonly<Record<string, unknown>>;
}

/** A page of GitHub's as rows. What is odd about an element of another kind is no matter of this one. */
export function rowPage<Row>({ url, answer, holes }: Page, kind: ListedKind<Row>): RowPage<Row> {
  const { isOther, restDefaults } = kind;
  let own = answer.data;
  if (Array.isArray(own) && isOther !== undefined) own = own.filter((element) => !isOther(element));
  if (Array.isArray(own) && restDefaults !== undefined)
    own = own.map((element) => withDefaults(element, restDefaults));
  const { items, unreadable } = readEach(kind.row, own, kind.label);
  return {
    rows: items,
    unreadable: [...holes, ...unreadable],
    url,
    next: answer.links.next,
    pages: answer.links.last === null ? null : pageNumber(answer.links.last),
    date: answer.date,
  };
}

/** An object as REST shows it, with the fields that it leaves out; one that leaves none out is not copied. */
export function withDefaults(element: unknown, defaults: Readonly<Record<string, unknown>>): unknown {
  if (typeof element !== 'object' || element === null) return element;
  for (const name in defaults) if (!(name in element)) return { ...defaults, ...element };
  return element;
}

function pageNumber(url: string): number | null {
  return Number(new URL(url).searchParams.get('page')) || null;
}
