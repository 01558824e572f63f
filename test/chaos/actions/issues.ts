import { installationFor } from '../../../sandbox/world/access.ts';
import type { Action, Play } from '../play.ts';

const LABELS = ['bug', 'wontfix', 'Ünïcode', 'a', 'B'];

function some<T>({ random }: Play, items: readonly T[]): T[] {
  return items.filter(() => random.chance(0.4));
}

/** An issue or pull request, named as the control API wants it. */
function target(play: Play, pull = play.random.chance(0.3)) {
  const { repository, issue } = play.item(pull);
  return { repo: repository.id, number: issue.number, by: play.person().login };
}

export const issueActions: Record<string, Action> = {
  openIssue: {
    weight: 8,
    run: (play) =>
      play.control.openIssue({
        repo: play.repository().id,
        title: play.random.pick(['It leaks', 'NUL \0 in a title', '']),
        body: play.random.pick(['Ink everywhere', '', null]),
        labels: some(play, LABELS),
        assignees: some(play, [play.person().login]),
        by: play.person().login,
      }),
  },
  openMany: {
    weight: 1,
    run: (play) => play.control.growIssues({ repo: play.repository().id, count: 120 }),
  },
  editIssue: {
    weight: 6,
    run: (play) => {
      const body = play.random.pick(['changed', null, '']);
      return play.control.editIssue({ ...target(play), title: play.fresh('title'), body });
    },
  },
  editTwice: {
    weight: 3,
    run: (play) => {
      const one = target(play);
      play.control.editIssue({ ...one, title: play.fresh('first') });
      play.control.editIssue({ ...one, title: play.fresh('second') });
    },
  },
  closeIssue: {
    weight: 5,
    run: (play) => {
      const reason = play.random.pick(['completed', 'not_planned', 'duplicate'] as const);
      play.control.closeIssue({ ...target(play), reason });
    },
  },
  reopenIssue: { weight: 3, run: (play) => play.control.reopenIssue(target(play)) },
  lockIssue: {
    weight: 2,
    run: (play) => play.control.lockIssue({ ...target(play), locked: play.random.chance(0.6) }),
  },
  addLabel: {
    weight: 4,
    run: (play) => play.control.addLabel({ ...target(play), label: play.random.pick(LABELS) }),
  },
  removeLabel: {
    weight: 3,
    run: (play) => play.control.removeLabel({ ...target(play), label: play.random.pick(LABELS) }),
  },
  assign: { weight: 3, run: (play) => play.control.assign({ ...target(play), login: play.person().login }) },
  unassign: {
    weight: 2,
    run: (play) => play.control.unassign({ ...target(play), login: play.person().login }),
  },
  comment: { weight: 4, run: (play) => play.control.comment(target(play, false)) },
  deleteComment: { weight: 1, run: (play) => deleteComment(play, true) },
  // No clock moves, and no delivery tells of it.
  deleteUntoldComment: { weight: 1, unseen: true, run: (play) => deleteComment(play, false) },
  deleteIssue: { weight: 3, run: (play) => play.control.deleteIssue(target(play, false)) },
  transferIssue: {
    weight: 3,
    run: (play) => play.control.transferIssue({ ...target(play, false), to: play.repository().id }),
  },
  convertToDiscussion: { weight: 1, run: (play) => play.control.convertToDiscussion(target(play, false)) },
  renameLabel: {
    weight: 2,
    unseen: true,
    run: (play) => {
      const name = play.random.pick(LABELS);
      play.control.editLabel({ repo: play.repository().id, name, to: play.fresh('label') });
    },
  },
  deleteLabel: {
    weight: 2,
    unseen: true,
    run: (play) => play.control.deleteLabel({ repo: play.repository().id, name: play.random.pick(LABELS) }),
  },
};

export const pullActions: Record<string, Action> = {
  openPull: {
    weight: 6,
    run: (play) => {
      const [repository, head] = [play.repository(), play.fresh('feature')];
      play.control.push({ repo: repository.id, branch: head });
      play.control.openPull({
        repo: repository.id,
        head,
        labels: some(play, LABELS),
        draft: play.random.chance(0.3),
        by: play.person().login,
      });
    },
  },
  openPullFromFork: {
    weight: 2,
    run: (play) => {
      const repository = play.repository();
      const person = play.person();
      const from = play.control.forkRepository({ repo: repository.id, to: person.login });
      const head = play.fresh('fork-feature');
      play.control.push({ repo: from.id, branch: head });
      play.control.openPull({ repo: repository.id, head, from: from.id, by: person.login });
    },
  },
  synchronizePull: { weight: 4, run: (play) => play.control.synchronizePull(target(play, true)) },
  mergePull: {
    weight: 5,
    run: (play) => {
      const method = play.random.pick(['merge', 'squash', 'rebase'] as const);
      play.control.mergePull({ ...target(play, true), method });
    },
  },
  setDraft: {
    weight: 2,
    run: (play) => play.control.setDraft({ ...target(play, true), draft: play.random.chance(0.5) }),
  },
  changeBase: {
    weight: 2,
    run: (play) => {
      const { repository, issue } = play.item(true);
      const base = play.fresh('base');
      play.control.createBranch({ repo: repository.id, branch: base });
      play.control.changeBase({ repo: repository.id, number: issue.number, base });
    },
  },
  review: { weight: 2, run: (play) => play.control.review(target(play, true)) },
};

/** The comments of issues may be read with the permission for pull requests alone; deliveries take that for issues. */
function deleteComment(play: Play, isTold: boolean): void {
  const { repository, issue } = play.item(false, ({ comments }) => comments.length > 0);
  const installation = installationFor(play.world, repository);
  if ((installation?.permissions['issues'] !== undefined) !== isTold)
    throw new RangeError('its deletion is announced otherwise');
  const { id } = play.random.pick(issue.comments);
  play.control.deleteComment({ repo: repository.id, number: issue.number, id });
}
