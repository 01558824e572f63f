import type { Action } from '../play.ts';

export const repositoryActions: Record<string, Action> = {
  createRepository: {
    weight: 3,
    run: (play) => {
      const made = play.control.createRepository({ owner: play.owner().login, name: play.fresh('new') });
      if (play.random.chance(0.6)) play.control.push({ repo: made.id, commits: 3 });
    },
  },
  deleteRepository: {
    weight: 2,
    run: (play) => play.control.deleteRepository({ repo: play.repository().id }),
  },
  /** Under the same name another one: a new id. */
  recreateRepository: {
    weight: 1,
    run: (play) => {
      const { id, name, ownerId } = play.repository();
      const owner = play.world.state.accounts.get(ownerId)?.login ?? '';
      play.control.deleteRepository({ repo: id });
      const made = play.control.createRepository({ owner, name });
      play.control.push({ repo: made.id, commits: 2 });
    },
  },
  renameRepository: {
    weight: 3,
    run: (play) => play.control.renameRepository({ repo: play.repository().id, name: play.fresh('renamed') }),
  },
  swapNames: {
    weight: 1,
    run: (play) => {
      const one = play.repository();
      const other = play.random.pick(
        [...play.world.state.repositories.values()].filter(
          ({ id, ownerId }) => ownerId === one.ownerId && id !== one.id,
        ),
      );
      const [first, second] = [one.name, other.name];
      play.control.renameRepository({ repo: one.id, name: play.fresh('between') });
      play.control.renameRepository({ repo: other.id, name: first });
      play.control.renameRepository({ repo: one.id, name: second });
    },
  },
  transferRepository: {
    weight: 2,
    run: (play) => play.control.transferRepository({ repo: play.repository().id, to: play.owner().login }),
  },
  archive: {
    weight: 1,
    run: (play) =>
      play.control.archiveRepository({ repo: play.repository().id, archived: play.random.chance(0.4) }),
  },
  visibility: {
    weight: 1,
    run: (play) => {
      const visibility = play.random.pick(['public', 'private'] as const);
      play.control.setVisibility({ repo: play.repository().id, visibility });
    },
  },
  describe: {
    weight: 3,
    run: (play) =>
      play.control.editRepository({
        repo: play.repository().id,
        description: play.random.pick([null, 'new words', '']),
        topics: play.random.pick([[], ['z', 'a'], ['one']]),
        stargazers: play.random.int(50),
      }),
  },
  switchIssues: {
    weight: 1,
    run: (play) => {
      const repository = play.repository();
      play.control.editRepository({ repo: repository.id, hasIssues: !repository.hasIssues });
    },
  },
  switchPullRequests: {
    weight: 1,
    run: (play) => {
      const { id, hasPullRequests } = play.repository();
      play.control.editRepository({ repo: id, hasPullRequests: !hasPullRequests });
    },
  },
  /** An id that GraphQL's `Int` does not hold. */
  createFarRepository: {
    weight: 1,
    run: (play) => {
      const id = 2 ** 32 + play.random.int(1_000_000);
      const made = play.control.createRepository({ owner: play.owner().login, name: play.fresh('far'), id });
      play.control.push({ repo: made.id, commits: 2 });
    },
  },
  /** For good: GitHub counts what it lists nowhere. Of an empty list that would be reported for as long. */
  miscount: {
    weight: 1,
    run: (play) => {
      const { id, issues } = play.repository();
      const [issuesMore, pullRequestsMore] = [play.random.int(2), play.random.int(2)];
      const listed = (pull: boolean) => [...issues.values()].some((one) => (one.pull !== null) === pull);
      play.control.miscount({
        repo: id,
        issues: listed(false) ? issuesMore : 0,
        pullRequests: listed(true) ? pullRequestsMore : 0,
      });
    },
  },
  miscountRepositories: {
    weight: 0.5,
    run: (play) => play.control.miscountRepositories({ id: play.installation().id, by: play.random.int(2) }),
  },
  block: {
    weight: 1,
    run: (play) => {
      const repository = play.repository();
      const reason = repository.block === null ? play.random.pick(['dmca', 'tos'] as const) : null;
      play.control.blockRepository({ repo: repository.id, reason });
    },
  },
};
