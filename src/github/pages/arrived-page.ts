import { createHash } from 'node:crypto';
import type { Links } from '../session/links.ts';
import type { Answer } from '../session/answer.ts';
import { itemsOf, withItems } from './page-items.ts';
import type { Page } from './page.ts';

/**
 * What is kept of a page after it arrived: what its caller read from it, and how its list continues. GitHub's
 * elements are some ten times as large as the mirrored part (a page of pull requests is 1.5 MB). Keeping them
 * until the earlier pages had arrived, and collecting them when they were old, took a third of an import's
 * processor time.
 */
export interface ArrivedPage<Content> {
  url: string;
  links: Links;
  /** whether there is no element, readable or not */
  isEmpty: boolean;
  /**
   * a fingerprint for recognising a repeated page: a digest of its first and last element; '' if there is none
   */
  ends: string;
  first: Element | null;
  last: Element | null;
  content: Content;
  /** the answer without its elements; null if it is not a list */
  emptied: Answer | null;
}

/** An element's identity; null if it is not a number. */
interface Element {
  id: number | null;
  number: number | null;
}

/** @param read extracts what its caller needs from a page, immediately */
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

/** A digest of a page's first and last element; '' for an empty page. */
export function endsOf(items: readonly unknown[]): string {
  if (items.length === 0) return '';
  const ends = JSON.stringify([items[0], items.at(-1)].map(identityOf), plain);
  return createHash('sha1').update(ends).digest('base64');
}

/** The part of an element that never changes; all of it if it has no name. */
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

/** Octokit returns a bigint if a number would lose digits. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
