import { createHash } from 'node:crypto';
import type { Links } from '../session/links.ts';
import type { Answer } from '../session/session.ts';
import { itemsOf, withItems } from './page-items.ts';
import type { Page } from './page.ts';

/**
 * What is kept of a page once it has arrived: what its caller read of it, and what tells how it continues its list. GitHub shows
 * of an element some ten times what is mirrored of it (a page of pull requests is 1.5 MB): held until the pages before it have
 * come, and collected when it is old, all of that took a third of the processor time of an import.
 */
export interface ArrivedPage<Content> {
  url: string;
  links: Links;
  /** whether there is no element, readable or not */
  isEmpty: boolean;
  /** what tells a page that came before: a digest of its first and last element; '' where it has none */
  ends: string;
  first: Element | null;
  last: Element | null;
  content: Content;
  /** the answer without its elements; null where it is no list */
  emptied: Answer | null;
}

/** What tells an element apart, null where it is no number. */
interface Element {
  id: number | null;
  number: number | null;
}

/** @param read takes of a page what its caller needs, at once */
export function arrived<Content>(page: Page, read: (page: Page) => Content): ArrivedPage<Content> {
  const items = itemsOf(page.answer.data);
  const first = items?.[0];
  const last = items?.at(-1);
  return {
    url: page.url,
    links: page.answer.links,
    isEmpty: items?.length === 0 && page.holes.length === 0,
    ends: items === null ? '' : endsOf(items),
    first: elementOf(first),
    last: elementOf(last),
    content: read(page),
    emptied: items === null ? null : { ...page.answer, data: withItems(page.answer.data, []) },
  };
}

/** A digest of which are the first and last element of a page; '' for an empty one. */
export function endsOf(items: readonly unknown[]): string {
  if (items.length === 0) return '';
  const ends = JSON.stringify([items[0], items.at(-1)].map(identityOf), plain);
  return createHash('sha1').update(ends).digest('base64');
}

/** What stays of an element however it changes; all of it where it has no name. */
function identityOf(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const values = new Map<string, unknown>(Object.entries(item));
  const names = ['id', 'sha', 'name'].map((name) => values.get(name) ?? null);
  return names.some((name) => name !== null) ? names : item;
}

function elementOf(item: unknown): Element | null {
  if (typeof item !== 'object' || item === null) return null;
  return { id: numberIn(item, 'id'), number: numberIn(item, 'number') };
}

function numberIn(item: object, name: string): number | null {
  const value: unknown = Reflect.get(item, name);
  return typeof value === 'number' ? value : null;
}

/** Octokit answers a bigint where a number would lose digits. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
