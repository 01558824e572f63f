import type { Entity, EntityRow } from '../entities/entity.ts';
import type { FeatureSwitch } from '../entities/listing.ts';
import { SyncError } from '../errors.ts';
import { pages, type PagesOptions } from './pages/pages.ts';
import { rowPage, type RowPage } from './pages/row-page.ts';
import type { GitHubSession } from './session/session.ts';
import type { Page } from './pages/page.ts';
import { GITHUB_BEGAN } from './since.ts';

/**
 * Why a list of comments has no (further) page. `off`: the kind is switched off at GitHub. `gone`: 410, its issue is
 * deleted or issues are switched off. `not_found`: GitHub shows no such parent in this repository. `refused`: 422,
 * GitHub does not page further through a list of this length.
 */
export type NoPage = 'off' | 'gone' | 'not_found' | 'refused';

/** A row of a kind that is listed by time of change. */
export type DatedRow = EntityRow & { readonly updated_at: string };

/** A page of a list, or why there is none. */
interface AnsweredPage<Row> {
  status: number;
  url: string;
  /** null if it is not a list */
  rows: RowPage<Row> | null;
}

/** Statuses that are answers about the list as a whole (`NoPage`). */
const NO_PAGE = [404, 410, 422];

function answeredPage<Row>(page: Page, kind: Entity<string, Row & EntityRow>): AnsweredPage<Row> {
  const { status, url } = page.answer;
  return { status, url, rows: status === 200 ? rowPage(page, kind) : null };
}

/** The repository being read. */
interface Repository {
  session: GitHubSession;
  /** its path, `/repositories/1` */
  root: string;
  /** whether an answer from this address is about `path` of this repository */
  isHere: (url: string, path: string) => Promise<boolean>;
  isSwitchedOff: (feature: FeatureSwitch) => Promise<boolean>;
}

/** Reads kinds that GitHub lists for a whole repository by time of change, and per parent. */
export function createCommentApi(
  session: GitHubSession,
  root: string,
  isHere: Repository['isHere'],
  isSwitchedOff: Repository['isSwitchedOff'],
) {
  const repository = { session, root, isHere, isSwitchedOff };
  return {
    listByChange: <Row extends DatedRow>(kind: Entity<string, Row>, since: string | null, from?: string) =>
      listByChange(repository, kind, since, from),
    listOfParent: <Row extends DatedRow>(kind: Entity<string, Row>, number: number, from?: string) =>
      listOfParent(repository, kind, number, from),
  };
}

/**
 * The rows of a kind, least recently changed first. Each page is requested from the last change on the one
 * before rather than by number: edits in the meantime shift nothing, and the reading never gets to where GitHub
 * refuses (422 beyond 30,000 to 40,000 rows: singer-io/tap-github#61, go-gitea/gitea#31856).
 *
 * @param since changed at or after; everything if null
 * @param from a URL where an earlier reading stopped
 */
async function* listByChange<Row extends DatedRow>(
  { session, root, isSwitchedOff }: Repository,
  kind: Entity<string, Row>,
  since: string | null,
  from?: string,
): AsyncGenerator<RowPage<Row> | NoPage> {
  const { list } = kind;
  if (list.by !== 'since') return;
  const query = new URLSearchParams({ sort: 'updated', direction: 'asc', per_page: '100' });
  if (since !== null) query.set('since', since);
  const first = from ?? `${root}${list.path}?${query.toString()}`;
  const options: PagesOptions<AnsweredPage<Row>> = {
    stable: false,
    allow: NO_PAGE,
    onward: (url, { rows }, next) => (rows === null ? null : onward(url, rows.rows, next)),
  };
  for await (const { status, rows } of pages(session, first, options, (page) => answeredPage(page, kind))) {
    if (rows === null) {
      const isOff = status === 410 || (list.switch !== undefined && (await isSwitchedOff(list.switch)));
      if (status === 404 && !isOff) throw new SyncError('NOT_FOUND', `GET ${root}${list.path}: 404`);
      yield isOff ? 'off' : 'refused';
      return;
    }
    yield { ...rows, next: onward(rows.url, rows.rows, rows.next) };
  }
}

/**
 * The rows of one parent, sorted by creation. If GitHub stops paging by number, the list continues with what
 * changed since the last row was created, which everything after it did.
 */
async function* listOfParent<Row extends DatedRow>(
  { session, root, isHere }: Repository,
  kind: Entity<string, Row>,
  number: number,
  from?: string,
): AsyncGenerator<RowPage<Row> | NoPage> {
  const path = kind.list.by === 'since' ? kind.list.ofParent?.(number) : undefined;
  if (path === undefined) return;
  const first = `${root}${path}?per_page=100`;
  const begun = new Set<string>();
  let start: string | null = from ?? first;
  while (start !== null) {
    begun.add(start);
    const options = { stable: true, allow: NO_PAGE };
    const read: AsyncGenerator<AnsweredPage<Row>> = pages(session, start, options, (page) =>
      answeredPage(page, kind),
    );
    let behind: string | null = null;
    start = null;
    for await (const { status, url, rows } of read) {
      if (status === 422) {
        // If an earlier reading stopped exactly here, the rows before it are no longer known.
        start = behind ?? first;
        if (begun.has(start)) start = null;
        if (start === null) yield 'refused';
        break;
      }
      // The comments of a transferred issue belong to another repository, wherever GitHub redirects to.
      if (rows === null || !(await isHere(url, path))) {
        yield status === 410 ? 'gone' : 'not_found';
        return;
      }
      yield rows;
      behind = sinceCreationOf(first, rows.rows.at(-1)) ?? behind;
    }
  }
}

/** The list of what changed since this row was created, or null if that is unknown. */
function sinceCreationOf(list: string, row: EntityRow | undefined): string | null {
  const at = Date.parse(String(row?.['created_at']));
  if (Number.isNaN(at)) return null;
  return `${list}&since=${new Date(at - STEP_BACK_MS).toISOString().replace('.000Z', 'Z')}`;
}

/** Whether `since` is inclusive is undocumented: a second earlier it is either way. */
const STEP_BACK_MS = 1000;

/**
 * Where a list sorted by time of change continues after a page. It follows the next page only if the bound
 * would return the same rows again (a whole page of one second and the one before, as all comments of a review
 * change when it is submitted), or if the list is not in the requested order.
 */
function onward(url: string, rows: readonly DatedRow[], next: string | null): string | null {
  if (next === null) return null;
  const times = rows.map(({ updated_at: time }) => Date.parse(time));
  const last = times.at(-1);
  const isSorted = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0));
  const [path = '', search = ''] = url.split('?');
  const query = new URLSearchParams(search);
  const bound = Date.parse(query.get('since') ?? '') || GITHUB_BEGAN;
  const from = (last ?? 0) - STEP_BACK_MS;
  if (!isSorted || from <= Math.max(bound, times[0] ?? Infinity)) return next;
  query.set('since', new Date(from).toISOString().replace('.000Z', 'Z'));
  query.delete('page');
  return `${path}?${query.toString()}`;
}
