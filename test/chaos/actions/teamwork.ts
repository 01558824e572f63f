import { submittedReviews, visibleComments } from '../../../sandbox/resources/reviews/review-visibility.ts';
import type { Issue } from '../../../sandbox/world/types.ts';
import type { Action, Play } from '../play.ts';

function on(play: Play, pull: boolean, fit?: (issue: Issue) => boolean) {
  const { repository, issue } = play.item(pull, fit);
  return { repository, issue, at: { repo: repository.id, number: issue.number, by: play.person().login } };
}

/** On a pull request that has some. */
function onLines(play: Play) {
  return on(play, true, ({ pull }) => pull !== null && visibleComments(pull).length > 0);
}

function onReviews(play: Play) {
  return on(play, true, ({ pull }) => pull !== null && submittedReviews(pull).length > 0);
}

function someMilestone(play: Play) {
  const repository = play.repository((one) => one.milestones.size > 0);
  const { number } = play.random.pick([...repository.milestones.values()]);
  return { repository, number };
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
      const { issue, at } = onLines(play);
      const comments = issue.pull ? visibleComments(issue.pull) : [];
      play.control.reviewComment({ ...at, inReplyTo: play.random.pick(comments).id });
    },
  },
  editLineComment: {
    weight: 2,
    run: (play) => play.control.editReviewComment({ ...onLines(play).at, body: play.fresh('said') }),
  },
  deleteLineComment: {
    weight: 2,
    unseen: true,
    run: (play) => play.control.deleteReviewComment(onLines(play).at),
  },
  resolveThread: {
    weight: 3,
    unseen: true,
    run: (play) => play.control.resolveThread({ ...onLines(play).at, resolved: play.random.chance(0.7) }),
  },
  startReview: { weight: 2, run: (play) => play.control.startReview(on(play, true).at) },
  submitReview: {
    weight: 3,
    run: (play) => {
      const state = play.random.pick(['approved', 'changes_requested', 'commented'] as const);
      play.control.submitReview({ ...on(play, true).at, state });
    },
  },
  dismissReview: { weight: 2, run: (play) => play.control.dismissReview(onReviews(play).at) },
  editReview: {
    weight: 2,
    run: (play) => {
      const { issue, at } = onReviews(play);
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
      const { repository, number } = someMilestone(play);
      play.control.deleteMilestone({ repo: repository.id, number });
    },
  },
  editMilestone: {
    weight: 2,
    run: (play) => {
      const { repository, number } = someMilestone(play);
      const state = play.random.pick(['open', 'closed'] as const);
      play.control.editMilestone({ repo: repository.id, number, title: play.fresh('goal'), state });
    },
  },
  createLabel: {
    weight: 2,
    run: (play) => play.control.createLabel({ repo: play.repository().id, name: play.fresh('label') }),
  },
  editConversation: {
    weight: 3,
    run: (play) => {
      const { issue, at } = on(play, play.random.chance(0.5), (one) => one.comments.length > 0);
      const { id } = play.random.pick(issue.comments);
      play.control.editComment({ ...at, id, body: play.fresh('comment') });
    },
  },
  commentOnPull: { weight: 3, run: (play) => play.control.comment(on(play, true).at) },
};
