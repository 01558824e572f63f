import type { z } from 'zod';
import type { Page } from './shrink-page.ts';
import { readEach, type Unreadable } from './unreadable.ts';

/** One page of a list as our rows. `url` is where an interrupted walk starts again. */
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
  const isOther = kind.isOther ?? (() => false);
  const own = Array.isArray(answer.data) ? answer.data.filter((element) => !isOther(element)) : answer.data;
  const whole = Array.isArray(own) ? own.map((element) => withDefaults(element, kind.restDefaults)) : own;
  const { items, unreadable } = readEach(kind.row, whole, kind.label);
  return {
    rows: items,
    unreadable: [...holes, ...unreadable],
    url,
    next: answer.links.next,
    pages: answer.links.last === null ? null : pageNumber(answer.links.last),
    date: answer.date,
  };
}

/** An object as REST shows it, with the fields that it leaves out. */
export function withDefaults(element: unknown, defaults: Readonly<Record<string, unknown>> = {}): unknown {
  return typeof element === 'object' && element !== null ? { ...defaults, ...element } : element;
}

function pageNumber(url: string): number | null {
  return Number(new URL(url).searchParams.get('page')) || null;
}
