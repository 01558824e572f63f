import { branchesOf } from '../../../sandbox/resources/branches/branch.ts';
import type { Repository } from '../../../sandbox/world/types.ts';
import type { Action, Play } from '../play.ts';

function branchOf({ random }: Play, repository: Repository): string {
  return random.pick(branchesOf(repository)).name;
}

/** Names, addresses and dates as history really has them. */
function oddCommit(play: Play) {
  const { random, world } = play;
  const now = world.clock.now();
  const person = play.person();
  const author = random.pick([
    { login: person.login },
    { name: 'Somebody', email: `${random.pick(['a', 'b', 'c'])}@nowhere.example` },
    { name: 'Hidden', email: `${person.id}+${person.login}@users.noreply.github.com` },
    { name: 'Hidden before 2017', email: `${person.login}@users.noreply.github.com` },
    { name: 'Capitals', email: 'A@Nowhere.Example' },
    { name: '', email: '' },
    { login: person.login, link: 'empty' as const },
    { name: 'Endless', email: `${random.hex(6000)}@nowhere.example` },
    null,
  ]);
  const usual = [now, now - 90 * 86_400, now - 86_400 * 400, 0, 4_070_908_800];
  const absurd = ['10000-01-01T00:00:00Z', '292278994-08-17T07:12:54Z', '0000-01-01T00:00:00Z'];
  const date = random.chance(0.9) ? random.pick(usual) : random.pick(absurd);
  const offset = random.chance(0.9) ? 0 : random.pick([-13_068_837, 840, -720]);
  const message = random.pick(['Fix it', 'NUL \0 inside', 'half \ud800 pair', 'ü'.repeat(3000), '']);
  return {
    message,
    author: author && { ...author, date, offset },
    committer: { login: person.login, date, offset },
  };
}

export const commitActions: Record<string, Action> = {
  push: {
    weight: 10,
    run: (play) =>
      play.control.push({
        repo: play.repository().id,
        commits: Array.from({ length: 1 + play.random.int(3) }, () => oddCommit(play)),
        by: play.person().login,
      }),
  },
  pushElsewhere: {
    weight: 5,
    run: (play) => {
      const repository = play.repository();
      const branch = play.random.pick([play.fresh('side'), branchOf(play, repository)]);
      play.control.push({ repo: repository.id, branch, commits: [oddCommit(play)] });
    },
  },
  pushALot: {
    weight: 1,
    run: (play) => play.control.push({ repo: play.repository().id, commits: 250 + play.random.int(100) }),
  },
  forceBack: {
    weight: 4,
    run: (play) =>
      play.control.forcePush({
        repo: play.repository().id,
        back: 1 + play.random.int(4),
        commits: play.random.int(3),
      }),
  },
  forceElsewhere: {
    weight: 3,
    run: (play) => {
      const repository = play.repository();
      play.control.forcePush({
        repo: repository.id,
        to: branchOf(play, repository),
        commits: play.random.int(2),
      });
    },
  },
  beginAnew: {
    weight: 1,
    run: (play) => play.control.forcePush({ repo: play.repository().id, to: null, commits: 2 }),
  },
  mergeBranches: {
    weight: 4,
    run: (play) => {
      const repository = play.repository();
      const from = Array.from({ length: 1 + play.random.int(2) }, () => branchOf(play, repository));
      play.control.mergeBranches({ repo: repository.id, from: [...new Set(from)] });
    },
  },
  createBranch: {
    weight: 3,
    run: (play) => play.control.createBranch({ repo: play.repository().id, branch: play.fresh('branch') }),
  },
  deleteBranch: {
    weight: 3,
    run: (play) => {
      const repository = play.repository();
      play.control.deleteBranch({ repo: repository.id, branch: branchOf(play, repository) });
    },
  },
  renameBranch: {
    weight: 2,
    run: (play) => {
      const repository = play.repository();
      play.control.renameBranch({
        repo: repository.id,
        from: branchOf(play, repository),
        to: play.fresh('renamed'),
      });
    },
  },
  protectBranch: {
    weight: 1,
    unseen: true,
    run: (play) => {
      const repository = play.repository();
      const branch = branchOf(play, repository);
      play.control.protectBranch({ repo: repository.id, branch, protected: play.random.chance(0.7) });
    },
  },
  switchDefaultBranch: {
    weight: 3,
    run: (play) => {
      const repository = play.repository();
      play.control.editRepository({ repo: repository.id, defaultBranch: branchOf(play, repository) });
    },
  },
};
