/** Ties the types together, which all lead to each other. */
import type { Reading, Viewer } from '../graphql/viewer.ts';
import { accountNode } from '../resources/accounts/account-node.ts';
import { commitNode } from '../resources/commits/commit-node.ts';
import { issueNode } from '../resources/issues/issue-node.ts';
import { pullNode } from '../resources/pulls/pull-node.ts';
import { resources } from '../resources/index.ts';
import { refNode } from '../resources/branches/ref-node.ts';
import { repositoryNode } from '../resources/repositories/repository-node.ts';

/** A viewer's query while it is answered. */
export function startReading(viewer: Viewer): Reading {
  const reading: Reading = {
    ...viewer,
    show: {
      account: (account) => accountNode(reading, account),
      commit: (repository, commit) => commitNode(reading, repository, commit),
      item: (repository, item) =>
        item.pull ? pullNode(reading, repository, item, item.pull) : issueNode(reading, repository, item),
      ref: (repository, name) => refNode(reading, repository, name),
      repository: (repository) => ({
        ...repositoryNode(reading, repository),
        ...Object.assign({}, ...resources.map(({ fields }) => fields?.(reading, repository))),
      }),
    },
  };
  return reading;
}
