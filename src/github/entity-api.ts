import type { Address, Entity, EntityRow, FeatureSwitch } from '../entities/entity.ts';
import { read } from './answers.ts';
import { createCommentApi } from './comment-api.ts';
import { listEntity, type ListOptions } from './list-entity.ts';
import { withDefaults } from './pages/row-page.ts';
import type { Answer, GitHubSession } from './session/session.ts';

/**
 * What one GET of a single object says. `absent`: 404, `gone`: 410, `moved`: redirected to another object,
 * `replaced`: its name now answers for another repository.
 */
export type Found<Row> =
  | { state: 'found'; row: Row; date: string }
  | { state: 'absent' | 'gone' | 'moved' | 'disabled' | 'replaced' };

/** Reads the described kinds of one repository, below `root`. */
export function createEntityApi(
  session: GitHubSession,
  root: string,
  repositoryId: number,
  isSwitchedOff: (feature: FeatureSwitch) => Promise<boolean>,
) {
  /** What GitHub says of a single one. */
  async function find<Row extends EntityRow>(
    entity: Entity<string, Row>,
    at: Partial<Address>,
  ): Promise<Found<Row>> {
    const path = entity.one?.({ id: 0, number: 0, name: '', ...at }) ?? '';
    const first = await session.getUnfollowed(`${root}${path}`, [404, 410]);
    if (leadsElsewhere(first)) return { state: 'moved' };
    const isAnswer = first.status < 300 || first.status >= 400;
    const answer = isAnswer ? first : await session.get(`${root}${path}`, [404, 410]);
    if (answer.status === 404) return { state: 'absent' };
    if (answer.status === 410) return { state: /disabled/i.test(messageOf(answer)) ? 'disabled' : 'gone' };
    // A transferred issue is redirected to its new repository, where it may even bear the same number; a renamed
    // branch is answered under its new name.
    if (!isAt(answer.url, path) || entity.isOther(answer.data)) return { state: 'moved' };
    const row = read(entity.row, withDefaults(answer.data, entity.restDefaults), entity.label);
    const isRenamed = entity.isFoundByName && row['name'] !== undefined && row['name'] !== at.name;
    return isRenamed ? { state: 'moved' } : { state: 'found', row, date: answer.date };
  }

  /** Whether GitHub redirects to another repository, of which nothing has to be asked. */
  function leadsElsewhere({ status, location }: Answer): boolean {
    const [, id] =
      /\/repositories\/(\d+)\//.exec(status < 400 && location !== undefined ? location : '') ?? [];
    return id !== undefined && Number(id) !== repositoryId;
  }

  /** Whether an answer came from this repository, by whichever of its names. */
  function isAt(url: string, path: string): boolean {
    const { pathname } = new URL(url);
    return pathname.endsWith(`${root}${path}`) || pathname.endsWith(`/repositories/${repositoryId}${path}`);
  }

  return {
    list: <Row extends EntityRow>(entity: Entity<string, Row>, options?: ListOptions) =>
      listEntity(session, root, entity, isSwitchedOff, options),
    find,
    ...createCommentApi(session, root, isAt, isSwitchedOff),
  };
}

function messageOf(answer: Answer): string {
  const { data } = answer;
  return typeof data === 'object' && data !== null && 'message' in data ? String(data.message) : '';
}
