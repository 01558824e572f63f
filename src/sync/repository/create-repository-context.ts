import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { SyncError } from '../../errors.ts';
import { isUnanswered } from '../../github/graphql/query-nodes.ts';
import { probe } from '../../github/graphql/probe.ts';
import { wideProbe } from '../../github/graphql/wide-probe.ts';
import { createRepositoryApi } from '../../github/repository-api.ts';
import { guardGraphql } from '../../github/session/graphql-guard.ts';
import type { Usage } from '../../github/session/usage.ts';
import { isGitHubUnavailable } from '../is-git-hub-unavailable.ts';
import { kindsOn } from '../further/kinds-on.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import { readable } from '../context/readable.ts';
import { createInterruption } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import { createRepositoryWriter } from '../context/repository-writer.ts';
import type { SyncDependencies, SyncRequest } from '../context/sync-request.ts';

/**
 * The context of one repository while `lease` is held; its requests are counted in `usage`.
 *
 * @param guids of the deliveries of this round: all others are new
 */
export function createRepositoryContext(
  deps: SyncDependencies,
  request: SyncRequest,
  lease: RepositoryLease,
  usage: Usage,
  repository: StoredRepository,
  guids: readonly string[],
): RepositoryContext {
  return {
    ...createRepositoryFacts(deps, request, repository),
    ...createRepositoryWriter(lease, request.jobId, usage, repository),
    ...createInterruption(deps.orm, lease, { deadline: request.deadline, guids }),
  };
}

function createRepositoryFacts(
  deps: SyncDependencies,
  { mode, queued = false }: SyncRequest,
  repository: StoredRepository,
): RepositoryFacts {
  const { session, giveUp, givenUp } = guardGraphql(
    deps.github.installation(repository.installation_id ?? 0),
  );
  session.expect(repository.permissions ?? {});
  const may = readable(repository.permissions);
  const kinds = kindsOn(may, deps.skippedKinds);

  /** Without an answer the lists are read in full, and nothing counts as deleted. */
  async function answerOf<T>(
    asked: Promise<ReadonlyMap<number, T> | null>,
    isBasic: boolean,
  ): Promise<T | null> {
    try {
      const answers = await asked;
      if (answers === null) return null;
      const answer = answers.get(repository.id);
      if (answer === undefined)
        throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL does not show the repository');
      return answer;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      // An outage of all of GitHub is waited for. A failure of GraphQL alone may last for weeks.
      if (error.code === 'GITHUB_UNAVAILABLE' && (await isGitHubUnavailable(deps.github))) throw error;
      if (isBasic) giveUp(error);
      return null;
    }
  }

  return {
    orm: deps.orm,
    api: createRepositoryApi(session, repository.id, repository.full_name),
    log: deps.log.child({ repositoryId: repository.id }),
    mode,
    retryUnread: mode === 'full' || !queued,
    may,
    kinds,
    repository,
    pollUntilConsistent: (ask) => pollUntilConsistent(deps.consistencyDelaysMs, ask),
    graphqlGivenUp: givenUp,
    probe: () => answerOf(probe(session, [repository], may), true),
    wideProbe: () => answerOf(wideProbe(session, [repository], kinds), false),
  };
}
