import { expect, it } from '@jest/globals';
import { watchPlans } from '../support/plans.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const app = 1_060_000_001;
/** How many rows of each kind the repository has beside those that GitHub tells of. */
const ROWS = 3000;
/** Of the two kinds that GitHub's number of open issues counts, so many are open. */
const OPEN = 20_000;
/** Far fewer than those, and more than one round of a few rows reads. */
const FEW = 200;

const { mirror, control } = useMirror();

/** None has the label that is renamed and deleted: GitHub would be asked for it. */
const labels = `array['label ' || n]`;

/** Old, so that nothing but their number could matter. */
const open = [
  `insert into issues (id, repository_id, number, title, state, author_login, labels, created_at, updated_at)
    select 200000000 + n, ${app}, 200000 + n, 't', 'open', 'u', ${labels}, '2020-01-01', '2020-01-01'`,
  `insert into pull_requests (id, repository_id, number, title, state, author_login, labels, head_ref, head_sha, base_ref,
      created_at, updated_at)
    select 300000000 + n, ${app}, 300000 + n, 't', 'open', 'u', ${labels}, 'h', 's', 'main', '2020-01-01', '2020-01-01'`,
];

/** Closed and old, so that nothing but their number could matter. */
const others = [
  `insert into issues (id, repository_id, number, title, state, author_login, created_at, updated_at, closed_at)
    select 500000000 + n, ${app}, 500000 + n, 't', 'closed', 'u', '2020-01-01', '2020-01-01', '2020-01-01'`,
  `insert into pull_requests (id, repository_id, number, title, state, author_login, head_ref, head_sha, base_ref, created_at,
      updated_at, closed_at)
    select 600000000 + n, ${app}, 600000 + n, 't', 'closed', 'u', 'h', 's', 'main', '2020-01-01', '2020-01-01', '2020-01-01'`,
  `insert into issue_comments (id, repository_id, number, body, author_login, author_association, created_at, updated_at)
    select 700000000 + n, ${app}, 500000 + n, 'b', 'u', 'NONE', '2020-01-01', '2020-01-01'`,
  `insert into issue_comments (id, repository_id, number, body, author_login, author_association, created_at, updated_at)
    select 710000000 + n, ${app}, 1, 'b', 'u', 'NONE', '2020-01-01', '2020-01-01'`,
  `insert into pull_request_reviews (id, repository_id, pull_request_id, number, state, author_login, author_association,
      submitted_at)
    select 800000000 + n, ${app}, 600000000 + n, 600000 + n, 'APPROVED', 'u', 'NONE', '2020-01-01'`,
  `insert into labels (id, repository_id, name, color) select 900000000 + n, ${app}, 'label ' || n, 'ffffff'`,
  `insert into milestones (id, repository_id, number, title, state, created_at, updated_at)
    select 910000000 + n, ${app}, 1000 + n, 'title ' || n, 'closed', '2020-01-01', '2020-01-01'`,
  `insert into releases (id, repository_id, tag_name, created_at) select 920000000 + n, ${app}, 'tag ' || n, '2020-01-01'`,
  `insert into tags (repository_id, name, sha) select ${app}, 'tag ' || n, 's'`,
  `insert into branches (repository_id, name, head_sha) select ${app}, 'branch ' || n, 's'`,
];

const steps: Record<string, () => unknown> = {
  'an edited issue': () => control.editIssue({ repo, number: 1, title: 'other' }),
  'a closed issue': () => control.closeIssue({ repo, number: 2 }),
  'a comment': () => control.comment({ repo, number: 1, body: 'hello' }),
  'a push': () => control.push({ repo, commits: 2 }),
  'a new pull request': () => control.openPull({ repo, title: 'new', head: 'feature' }),
  'a request for a review': () => control.requestReview({ repo, number: 3, reviewers: ['ann'] }),
  'a review': () => control.review({ repo, number: 3, state: 'approved', by: 'ann' }),
  'a review comment': () => control.reviewComment({ repo, number: 3, body: 'Why?', by: 'ann' }),
  'a resolved thread': () => control.resolveThread({ repo, number: 3, by: 'ann' }),
  'an edited comment': () => control.editComment({ repo, number: 1, body: 'other' }),
  'a deleted comment': () => control.deleteComment({ repo, number: 1 }),
  'a merge': () => control.mergePull({ repo, number: 3 }),
  'a force push': () => control.forcePush({ repo, back: 1, commits: 2 }),
  'a deleted branch': () => control.deleteBranch({ repo, branch: 'feature' }),
  'a reopened issue': () => control.reopenIssue({ repo, number: 2 }),
  'a transferred issue': () => control.transferIssue({ repo, number: 2, to: 'acme/other' }),
  'a new label': () => control.createLabel({ repo, name: 'new' }),
  'a recoloured label': () => control.editLabel({ repo, name: 'new', color: 'aaaaaa' }),
  'a label of an issue': () => control.addLabel({ repo, number: 1, label: 'new' }),
  'a label of a pull request': () => control.addLabel({ repo, number: 3, label: 'new' }),
  'a renamed label': () => control.editLabel({ repo, name: 'new', to: 'other' }),
  'a deleted label': () => control.deleteLabel({ repo, name: 'other' }),
  'an assignee': () => control.assign({ repo, number: 1, login: 'ann' }),
  'a new milestone': () => control.createMilestone({ repo, title: 'new' }),
  'a renamed milestone': () => control.editMilestone({ repo, number: 1, title: 'other' }),
  'a milestone of an issue': () => control.setMilestone({ repo, number: 1, milestone: 1 }),
  'a deleted milestone': () => control.deleteMilestone({ repo, number: 1 }),
  'a new release': () => control.createRelease({ repo, tag: 'new' }),
  'an edited release': () => control.editRelease({ repo, tag: 'new', body: 'other' }),
  'a deleted release': () => control.deleteRelease({ repo, tag: 'new' }),
  'a deleted issue': () => control.deleteIssue({ repo, number: control.openIssue({ repo }).number }),
  'new tags': () => control.pushTags({ repo, tags: { v77: 'main' } }),
  'a new branch': () => control.createBranch({ repo, branch: 'b77' }),
  'a protected branch': () => control.protectBranch({ repo, branch: 'b77', protected: true }),
  'an archived repository': () => control.archiveRepository({ repo, archived: true }),
  'a private repository': () => control.setVisibility({ repo, visibility: 'private' }),
  'a renamed repository': () => control.renameRepository({ repo, name: 'renamed' }),
  'a transferred repository': () => {
    control.createAccount({ login: 'elsewhere' });
    control.transferRepository({ repo: 'acme/renamed', to: 'elsewhere' });
  },
};

it('a delivery reads few rows of a large repository, statistics missing', async () => {
  control.createRepository({ owner: 'acme', name: 'other' });
  await mirror.work();
  for (const insert of open) await mirror.rows(`${insert} from generate_series(1, ${OPEN}) n`);
  for (const insert of others) await mirror.rows(`${insert} from generate_series(1, ${ROWS}) n`);
  const plans = await watchPlans(mirror);
  const tooMany: object[] = [];
  for (const [step, act] of Object.entries(steps)) {
    act();
    await control.deliveriesDone({});
    plans.matching(/./);
    await mirror.work();
    const { rows, statement } = plans.most();
    if (rows > FEW) tooMany.push({ step, rows, statement });
  }
  expect(tooMany).toEqual([]);
});
