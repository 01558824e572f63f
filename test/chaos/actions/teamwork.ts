import { submittedReviews, visibleComments } from '../../../sandbox/resources/reviews/review-visibility.ts';
import type { Action, Play } from '../play.ts';

function on(play: Play, pull: boolean) {
  const { repository, issue } = play.item(pull);
  return { repository, issue, at: { repo: repository.id, number: issue.number, by: play.person().login } };
}

/** How a team works together. */
export const teamworkActions: Record<string, Action> = {
  commentOnLine: {
    weight: 5,
    run: (play) => play.control.reviewComment({ ...on(play, true).at, line: 1 + play.random.int(50) }),
  },
  replyOnLine: {
    weight: 3,
    run: (play) => {
      const { issue, at } = on(play, true);
      const comments = issue.pull ? visibleComments(issue.pull) : [];
      play.control.reviewComment({ ...at, inReplyTo: play.random.pick(comments).id });
    },
  },
  editLineComment: {
    weight: 2,
    run: (play) => play.control.editReviewComment({ ...on(play, true).at, body: play.fresh('said') }),
  },
  deleteLineComment: {
    weight: 2,
    unseen: true,
    run: (play) => play.control.deleteReviewComment(on(play, true).at),
  },
  resolveThread: {
    weight: 3,
    unseen: true,
    run: (play) => play.control.resolveThread({ ...on(play, true).at, resolved: play.random.chance(0.7) }),
  },
  startReview: { weight: 2, run: (play) => play.control.startReview(on(play, true).at) },
  submitReview: {
    weight: 3,
    run: (play) => {
      const state = play.random.pick(['approved', 'changes_requested', 'commented'] as const);
      play.control.submitReview({ ...on(play, true).at, state });
    },
  },
  dismissReview: { weight: 2, run: (play) => play.control.dismissReview(on(play, true).at) },
  editReview: {
    weight: 2,
    run: (play) => {
      const { issue, at } = on(play, true);
      const reviews = issue.pull ? submittedReviews(issue.pull) : [];
      play.control.editReview({ ...at, id: play.random.pick(reviews).id, body: play.fresh('review') });
    },
  },
  requestReview: {
    weight: 3,
    run: (play) =>
      play.control.requestReview({ ...on(play, true).at, reviewers: [play.person().login], teams: ['core'] }),
  },
  removeReviewRequest: {
    weight: 2,
    run: (play) =>
      play.control.removeReviewRequest({ ...on(play, true).at, reviewers: [play.person().login] }),
  },
  createMilestone: {
    weight: 2,
    run: (play) => play.control.createMilestone({ repo: play.repository().id, title: play.fresh('goal') }),
  },
  setMilestone: {
    weight: 3,
    run: (play) => {
      const { repository, at } = on(play, play.random.chance(0.5));
      const numbers = [...repository.milestones.values()].map((one) => one.number);
      play.control.setMilestone({ ...at, milestone: play.random.pick([null, ...numbers]) });
    },
  },
  deleteMilestone: {
    weight: 1,
    unseen: true,
    run: (play) => {
      const repository = play.repository();
      const { number } = play.random.pick([...repository.milestones.values()]);
      play.control.deleteMilestone({ repo: repository.id, number });
    },
  },
  annotatedTag: {
    weight: 2,
    run: (play) => {
      const { id, defaultBranch } = play.repository();
      play.control.pushTags({ repo: id, tags: { [play.fresh('v')]: defaultBranch }, message: 'A tag' });
    },
  },
  createRelease: {
    weight: 3,
    run: (play) => {
      const [draft, prerelease] = [play.random.chance(0.2), play.random.chance(0.2)];
      play.control.createRelease({ repo: play.repository().id, tag: play.fresh('r'), draft, prerelease });
    },
  },
  editRelease: {
    weight: 2,
    unseen: true,
    run: (play) => {
      const repository = play.repository();
      const { tagName } = play.random.pick([...repository.releases.values()]);
      play.control.editRelease({ repo: repository.id, tag: tagName, body: play.fresh('notes') });
    },
  },
  deleteRelease: {
    weight: 1,
    run: (play) => {
      const repository = play.repository();
      const { tagName } = play.random.pick([...repository.releases.values()]);
      play.control.deleteRelease({ repo: repository.id, tag: tagName });
    },
  },
};
