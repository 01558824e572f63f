/** Ties the types together, which all lead to each other. */
import type { Reading, Viewer } from '../viewer.ts';
import { accountNode } from './account.ts';
import { commitNode } from './commit.ts';
import { issueNode } from './issue.ts';
import { pullNode } from './pull.ts';
import { refNode } from './ref.ts';
import { repositoryNode } from './repository.ts';

/** A viewer's query at work. */
export function startReading(viewer: Viewer): Reading {
  const reading: Reading = {
    ...viewer,
    show: {
      account: (account) => accountNode(reading, account),
      commit: (repository, commit) => commitNode(reading, repository, commit),
      item: (repository, item) =>
        item.pull ? pullNode(reading, repository, item, item.pull) : issueNode(reading, repository, item),
      ref: (repository, name) => refNode(reading, repository, name),
      repository: (repository) => repositoryNode(reading, repository),
    },
  };
  return reading;
}
