import type { Harness } from './harness.ts';

/** Makes one of everything that an answer shows; gives what addresses of single ones need. */
export async function createDescribedWorld(github: Harness): Promise<Record<string, string | number>> {
  const { control } = github.sandbox;
  const repo = 'acme/app';
  control.createAccount({ login: 'bob' });
  control.createAccount({ login: 'robot[bot]', type: 'Bot' });
  control.openIssue({ repo, title: 'one', labels: ['bug'], assignees: ['ann'], body: 'text' });
  control.comment({ repo, number: 1 });
  control.openPull({ repo, head: 'feature/x' });
  control.review({ repo, number: 2 });
  control.requestReview({ repo, number: 2, reviewers: ['bob'], teams: ['core'] });
  control.reviewComment({ repo, number: 2, line: 3 });
  const { comment } = control.reviewComment({ repo, number: 2, line: 4, by: 'bob' });
  control.reviewComment({ repo, number: 2, inReplyTo: comment.id });
  control.resolveThread({ repo, number: 2, comment: comment.id });
  control.createMilestone({ repo, title: 'one', dueOn: '2027-01-01T08:00:00Z' });
  control.setMilestone({ repo, number: 1, milestone: 1 });
  control.setMilestone({ repo, number: 2, milestone: 1 });
  control.setIssueType({ repo, number: 1, type: 'Bug' });
  const fork = control.forkRepository({ repo, to: 'bob' });
  control.push({ repo: fork.id, branch: 'idea' });
  control.openPull({ repo, head: 'idea', from: fork.id, by: 'bob' });
  control.openPull({ repo, head: 'done' });
  control.mergePull({ repo, number: 4 });
  control.push({
    repo,
    commits: [
      { author: { login: 'robot[bot]' } },
      { author: { name: 'X', email: 'x@y.example', link: 'empty' } },
    ],
  });
  control.forcePush({ repo, branch: 'feature/x', back: 1, commits: 1 });
  control.pushTags({ repo, tags: { v1: 'main' } });
  control.pushTags({ repo, tags: { v2: 'main' }, message: 'Two' });
  control.createRelease({ repo, tag: 'v2' });
  control.uploadAsset({ repo, tag: 'v2', name: 'sums.txt' });
  control.createRelease({ repo, tag: 'v3', draft: true });
  const ids = {
    comment: github.app.issues.get(1)?.comments[0]?.id ?? 0,
    review: github.app.issues.get(2)?.pull?.reviews[0]?.id ?? 0,
    reviewComment: comment.id,
    release: [...github.app.releases.keys()][0] ?? 0,
    asset: [...github.app.releases.values()][0]?.assets[0]?.id ?? 0,
    commit: github.app.refs.get('refs/heads/main')?.sha ?? '',
    tag: github.app.refs.get('refs/tags/v2')?.sha ?? '',
  };
  await github.arrived();
  return ids;
}
