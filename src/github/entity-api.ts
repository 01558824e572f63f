import { z } from 'zod';
import type { Address, Entity, EntityRow } from '../entities/entity.ts';
import type { FeatureSwitch } from '../entities/listing.ts';
import { id } from '../entities/fields.ts';
import { read } from './answers.ts';
import { createCommentApi } from './comment-api.ts';
import { listEntity, type ListOptions } from './list-entity.ts';
import { withDefaults } from './pages/row-page.ts';
import type { Answer } from './session/answer.ts';
import type { GitHubSession } from './session/session.ts';

/**
 * What one GET of a single object means. `not_found`: 404, `gone`: 410, `moved`: redirected to another object,
 * `replaced`: its name now belongs to another repository.
 */
export type Found<Row> =
  | { state: 'found'; row: Row; date: string }
  | { state: 'not_found' | 'gone' | 'moved' | 'disabled' | 'replaced' };

/** Reads the described kinds of one repository, under `root`. */
export function createEntityApi(
  session: GitHubSession,
  root: string,
  repositoryId: number,
  isSwitchedOff: (feature: FeatureSwitch) => Promise<boolean>,
) {
  /** GitHub's answer about a single object. */
  async function find<Row extends EntityRow>(
    entity: Entity<string, Row>,
    at: Partial<Address>,
  ): Promise<Found<Row>> {
    const path = entity.one?.({ id: 0, number: 0, name: '', ...at }) ?? '';
    const first = await session.getUnfollowed(`${root}${path}`, [404, 410]);
    if (leadsElsewhere(first)) return { state: 'moved' };
    const isAnswer = first.status < 300 || first.status >= 400;
    const answer = isAnswer ? first : await session.get(`${root}${path}`, [404, 410]);
    if (answer.status === 404) return { state: 'not_found' };
    if (answer.status === 410) return { state: /disabled/i.test(messageOf(answer)) ? 'disabled' : 'gone' };
    // A transferred issue redirects to its new repository, where it may even have the same number; a renamed
    // branch is answered under its new name.
    if (!(await isHere(answer.url, path)) || entity.isOther(answer.data)) return { state: 'moved' };
    const row = read(entity.row, withDefaults(answer.data, entity.restDefaults), entity.label);
    const isRenamed = entity.isFoundByName && row['name'] !== undefined && row['name'] !== at.name;
    return isRenamed ? { state: 'moved' } : { state: 'found', row, date: answer.date };
  }

  /** Whether GitHub redirects to another repository, from which nothing needs to be requested. */
  function leadsElsewhere({ status, location }: Answer): boolean {
    const [, id] =
      /\/repositories\/(\d+)\//.exec(status < 400 && location !== undefined ? location : '') ?? [];
    return id !== undefined && Number(id) !== repositoryId;
  }

  /**
   * Whether an answer came from this repository, under any of its names: a redirect may lead to a name not
   * known here.
   */
  async function isHere(url: string, path: string): Promise<boolean> {
    const { pathname } = new URL(url);
    if (!pathname.endsWith(path)) return false;
    const at = pathname.slice(0, pathname.length - path.length);
    if (at.endsWith(root) || at.endsWith(`/repositories/${repositoryId}`)) return true;
    const [name] = /\/repos\/[^/]+\/[^/]+$/.exec(at) ?? [];
    if (name === undefined) return false;
    const { status, data } = await session.get(name, [404]);
    return status === 200 && read(z.object({ id }), data, 'repository').id === repositoryId;
  }

  return {
    list: <Row extends EntityRow>(entity: Entity<string, Row>, options?: ListOptions) =>
      listEntity(session, root, entity, isSwitchedOff, options),
    find,
    ...createCommentApi(session, root, isHere, isSwitchedOff),
  };
}

function messageOf(answer: Answer): string {
  const { data } = answer;
  return typeof data === 'object' && data !== null && 'message' in data ? String(data.message) : '';
}
