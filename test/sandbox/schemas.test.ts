/** Every answer is as GitHub describes it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDescribedWorld } from './described-world.ts';
import { startHarness, type Harness } from './harness.ts';
import { readOpenApi, type OpenApi } from './openapi.ts';

let github: Harness;
let openapi: OpenApi;
let ids: Record<string, string | number>;

beforeAll(async () => {
  openapi = readOpenApi();
  github = await startHarness();
  ids = await createDescribedWorld(github);
});

afterAll(() => github.close());

const REPO = '/repos/{owner}/{repo}';

/** The path in GitHub's description, and the address asked for. */
const AS_INSTALLATION: [path: string, url: string][] = [
  ['/installation/repositories', '/installation/repositories'],
  [REPO, '/repos/acme/app'],
  [REPO, '/repos/bob/app'],
  [`${REPO}/commits`, '/repos/acme/app/commits'],
  [`${REPO}/commits/{ref}`, '/repos/acme/app/commits/feature%2Fx'],
  [`${REPO}/commits/{commit_sha}/pulls`, '/repos/acme/app/commits/feature%2Fx/pulls'],
  [`${REPO}/commits/{commit_sha}/branches-where-head`, '/repos/acme/app/commits/main/branches-where-head'],
  [`${REPO}/git/commits/{commit_sha}`, '/repos/acme/app/git/commits/{commit}'],
  [`${REPO}/compare/{basehead}`, '/repos/acme/app/compare/feature%2Fx...main'],
  [`${REPO}/branches`, '/repos/acme/app/branches'],
  [`${REPO}/branches/{branch}`, '/repos/acme/app/branches/feature%2Fx'],
  [`${REPO}/git/ref/{ref}`, '/repos/acme/app/git/ref/heads/feature/x'],
  [`${REPO}/git/matching-refs/{ref}`, '/repos/acme/app/git/matching-refs/heads/'],
  [`${REPO}/issues`, '/repos/acme/app/issues?state=all'],
  [`${REPO}/issues/{issue_number}`, '/repos/acme/app/issues/1'],
  [`${REPO}/issues/{issue_number}/comments`, '/repos/acme/app/issues/1/comments'],
  [`${REPO}/issues/comments`, '/repos/acme/app/issues/comments'],
  [`${REPO}/issues/comments/{comment_id}`, '/repos/acme/app/issues/comments/{comment}'],
  [`${REPO}/labels`, '/repos/acme/app/labels'],
  [`${REPO}/labels/{name}`, '/repos/acme/app/labels/bug'],
  [`${REPO}/pulls`, '/repos/acme/app/pulls?state=all'],
  [`${REPO}/pulls/{pull_number}`, '/repos/acme/app/pulls/4'],
  [`${REPO}/pulls/{pull_number}/commits`, '/repos/acme/app/pulls/2/commits'],
  [`${REPO}/pulls/{pull_number}/reviews`, '/repos/acme/app/pulls/2/reviews'],
  [`${REPO}/pulls/{pull_number}/reviews/{review_id}`, '/repos/acme/app/pulls/2/reviews/{review}'],
  [`${REPO}/pulls/{pull_number}/requested_reviewers`, '/repos/acme/app/pulls/2/requested_reviewers'],
  [`${REPO}/pulls/{pull_number}/comments`, '/repos/acme/app/pulls/2/comments'],
  [`${REPO}/pulls/comments`, '/repos/acme/app/pulls/comments'],
  [`${REPO}/pulls/comments/{comment_id}`, '/repos/acme/app/pulls/comments/{reviewComment}'],
  [`${REPO}/milestones`, '/repos/acme/app/milestones?state=all'],
  [`${REPO}/milestones/{milestone_number}`, '/repos/acme/app/milestones/1'],
  [`${REPO}/tags`, '/repos/acme/app/tags'],
  [`${REPO}/git/tags/{tag_sha}`, '/repos/acme/app/git/tags/{tag}'],
  [`${REPO}/git/ref/{ref}`, '/repos/acme/app/git/ref/tags/v2'],
  [`${REPO}/releases`, '/repos/acme/app/releases'],
  [`${REPO}/releases/latest`, '/repos/acme/app/releases/latest'],
  [`${REPO}/releases/tags/{tag}`, '/repos/acme/app/releases/tags/v2'],
  [`${REPO}/releases/{release_id}`, '/repos/acme/app/releases/{release}'],
  [`${REPO}/releases/{release_id}/assets`, '/repos/acme/app/releases/{release}/assets'],
  [`${REPO}/releases/assets/{asset_id}`, '/repos/acme/app/releases/assets/{asset}'],
  [`${REPO}/contributors`, '/repos/acme/app/contributors?anon=1'],
  [`${REPO}/activity`, '/repos/acme/app/activity'],
  ['/users/{username}', '/users/ann'],
  ['/user/{account_id}', '/user/10137'],
  ['/users/{username}/repos', '/users/bob/repos'],
  ['/orgs/{org}/repos', '/orgs/acme/repos'],
  ['/rate_limit', '/rate_limit'],
  ['/meta', '/meta'],
];

const AS_APP: [path: string, url: string][] = [
  ['/app', '/app'],
  ['/app/installations/{installation_id}', '/app/installations/70000001'],
  ['/orgs/{org}/installation', '/orgs/acme/installation'],
  [`${REPO}/installation`, '/repos/acme/app/installation'],
  ['/app/hook/config', '/app/hook/config'],
  ['/app/hook/deliveries', '/app/hook/deliveries'],
];

describe('answers', () => {
  it.each(AS_INSTALLATION)('GET %s (%s) is as described', async (path, url) => {
    const { status, body } = await github.get(
      url.replace(/\{(\w+)\}/, (_, name: string) => String(ids[name])),
    );
    expect(status).toBe(200);
    if (Array.isArray(body) && !url.includes('?')) expect(body).not.toEqual([]);
    expect(openapi.answer('GET', path, 200, body)).toBe('');
  });

  it.each(AS_APP)('GET %s (%s) is as described', async (path, url) => {
    const { status, body } = await github.asApp(url);
    expect(status).toBe(200);
    expect(openapi.answer('GET', path, 200, body)).toBe('');
  });

  it('lists installations as described for a single one', async () => {
    // The description of the list demands an account that is a user and an enterprise at once.
    const { body } = await github.asApp('/app/installations');
    expect(openapi.answer('GET', '/app/installations/{installation_id}', 200, body[0])).toBe('');
  });

  it('creates tokens as described, including narrowed ones', async () => {
    const path = '/app/installations/{installation_id}/access_tokens';
    const narrow = { repositories: ['app'], permissions: { contents: 'read' } };
    for (const body of [undefined, narrow]) {
      const minted = await github.asApp(
        `/app/installations/${github.installation.id}/access_tokens`,
        'POST',
        body,
      );
      expect(minted.status).toBe(201);
      expect(openapi.answer('POST', path, 201, minted.body)).toBe('');
    }
  });

  it('shows a delivery and accepts a redelivery as described', async () => {
    const { text } = await github.asApp('/app/hook/deliveries?per_page=1');
    const id = /"id":(\d+)/.exec(text)?.[1] ?? '';
    const one = await github.asApp(`/app/hook/deliveries/${id}`);
    expect(openapi.answer('GET', '/app/hook/deliveries/{delivery_id}', 200, one.body)).toBe('');
    expect((await github.asApp(`/app/hook/deliveries/${id}/attempts`, 'POST')).status).toBe(202);
    await github.arrived();
  });
});
