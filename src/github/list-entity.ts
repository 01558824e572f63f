import { SyncError } from '../errors.ts';
import type { Entity, EntityRow } from '../entities/entity.ts';
import type { FeatureSwitch, Listing } from '../entities/listing.ts';
import { pagesFromBothEnds } from './pages/both-ends.ts';
import { pages } from './pages/pages.ts';
import { rowPage, type RowPage } from './pages/row-page.ts';
import { unknownElement, type Unreadable } from './pages/unreadable.ts';
import type { GitHubSession } from './session/session.ts';
import type { Page } from './pages/page.ts';
import { isNoBound } from './since.ts';

export interface ListOptions {
  /** changed at or after; everything if null */
  since?: string | null;
  /** a URL where an earlier reading stopped */
  from?: string | undefined;
  /** how many rows GitHub counts in total, if known: a hint for reading pages concurrently */
  rows?: number | null;
}

/**
 * The pages of a kind's list; null if the kind is switched off at GitHub, so that its rows stay as they are.
 */
export async function* listEntity<Row extends EntityRow>(
  session: GitHubSession,
  root: string,
  entity: Entity<string, Row>,
  isSwitchedOff: (feature: FeatureSwitch) => Promise<boolean>,
  { since = null, from, rows = null }: ListOptions = {},
): AsyncGenerator<RowPage<Row> | null> {
  const { list: listing } = entity;
  const bound = since === null || isNoBound(since) ? null : since;
  const first = from ?? firstPage(root, listing, bound);
  const back = listing.by === 'newest-first' && bound !== null ? Date.parse(bound) : null;
  /** Of any other answer only the status matters. */
  const rowsIn = (page: Page) => {
    const { status } = page.answer;
    const shown = status === 200 ? page : { ...page, answer: { ...page.answer, data: [] } };
    return { status, rows: rowPage(shown, entity) };
  };
  const read =
    listing.by === 'since'
      ? pagesFromBothEnds(session, first, { allow: [410], rows: bound === null ? rows : null }, rowsIn)
      : pages(
          session,
          first,
          { stable: back === null, allow: listing.by === 'whole' ? [409, 422] : [404] },
          rowsIn,
        );
  for await (const { status, rows } of read) {
    // A repository without commits has no branches and no tags.
    if (status === 409) return;
    // GitHub does not page further through a list of this length (for releases: 10,000,
    // Azure/azure-sdk-tools#9395).
    if (status === 422) {
      yield { ...rows, unreadable: [cutOff(entity)] };
      return;
    }
    if (status !== 200) {
      const feature = listing.by === 'newest-first' ? listing.switch : undefined;
      if (status === 404 && (feature === undefined || !(await isSwitchedOff(feature)))) {
        throw new SyncError('NOT_FOUND', `GET ${root}${pathOf(listing)}: 404`);
      }
      yield null;
      return;
    }
    const isThrough = back !== null && rows.rows.some((row) => changedAt(entity, row) < back);
    yield isThrough ? { ...rows, next: null } : rows;
    if (isThrough) return;
  }
}

function firstPage(root: string, listing: Listing, since: string | null): string {
  const parameters = new URLSearchParams('query' in listing ? listing.query : '');
  if (listing.by === 'newest-first' && since !== null) {
    for (const [name, value] of new URLSearchParams(listing.changed)) parameters.set(name, value);
  }
  parameters.set('per_page', '100');
  if (listing.by === 'since' && since !== null) parameters.set('since', since);
  return `${root}${pathOf(listing)}?${parameters.toString()}`;
}

function cutOff({ label }: Entity): Unreadable {
  return unknownElement(`GitHub does not list more ${label} (422)`);
}

function pathOf(listing: Listing): string {
  return 'path' in listing ? listing.path : '';
}

function changedAt(entity: Entity, row: EntityRow): number {
  return entity.clock === null ? Number.NaN : Date.parse(String(row[entity.clock]));
}
