/** What an installation token reaches. */
import { repositoriesOf } from '../../world/access.ts';
import type { Answer, Call, Route } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { listedRepository } from '../repositories/repository-shape.ts';

function list(call: Call): Answer {
  const { caller, context } = call;
  if (caller.kind !== 'installation') throw notFound();
  const installation = context.world.state.installations.get(caller.installation.id) ?? caller.installation;
  const narrowed = caller.token.repositoryIds;
  const all = repositoriesOf(context.world, installation).filter(
    ({ id }) => narrowed === null || narrowed.includes(id),
  );
  const { items, headers } = paged(call, `${context.api}/installation/repositories`, all);
  const body = {
    total_count: Math.max(0, all.length + (installation.countOff ?? 0)),
    repository_selection: narrowed ? 'selected' : installation.selection,
    repositories: items.map((one) => listedRepository(context, one)),
  };
  return { body, headers };
}

export const installationRepositoriesRoutes: Route[] = [
  { method: 'GET', path: '/installation/repositories', auth: 'installation', handler: list },
];
