/** Topics, languages and forks of a repository. */
import { HTML, type Json } from '../../world/context.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { demand, sees, type Reading } from '../../graphql/viewer.ts';

/** `repositoryTopics`, `primaryLanguage`, `languages`, `forks`, and `deployments`, which are none. */
export function repositoryLists(viewer: Reading, repository: Repository): Json {
  const { language, topics } = repository;
  const { repositories } = viewer.context.world.state;
  const forks = () =>
    [...repositories.values()].filter((one) => one.parentId === repository.id && sees(viewer, one));
  return {
    repositoryTopics: (args: PageArgs) =>
      connection(args, { items: topics, order: byPosition, node: (name) => topicNode(repository, name) }),
    primaryLanguage: language === null ? null : languageNode(language),
    languages: (args: PageArgs) =>
      connection(args, { items: language === null ? [] : [language], order: byPosition, node: languageNode }),
    forks: (args: PageArgs) =>
      connection(args, { items: forks(), order: byPosition, node: (one) => viewer.show.repository(one) }),
    deployments: (args: PageArgs) => {
      demand(viewer, repository, 'deployments');
      return connection(args, { items: [], order: byPosition, node: () => null });
    },
  };
}

function topicNode(repository: Repository, name: string): Json {
  return {
    id: `RT_${nodeId('R', name, repository.id).slice(2)}`,
    url: `${HTML}/topics/${name}`,
    resourcePath: `/topics/${name}`,
    topic: { id: `T_${Buffer.from(name).toString('base64url')}`, name },
  };
}

function languageNode(name: string): Json {
  return { id: `L_${Buffer.from(name).toString('base64url')}`, name, color: null };
}
