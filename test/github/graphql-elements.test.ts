import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { listInstallations, listRepositories } from '../../src/github/app-api.ts';
import { createGitHub, type GitHub } from '../../src/github/client.ts';
import { SyncError } from '../../src/errors.ts';
import { branchHeads } from '../../src/github/graphql/branch-heads.ts';
import { probe } from '../../src/github/graphql/probe.ts';
import { pullRequestDetails } from '../../src/github/graphql/pull-request-detail.ts';
import { pullRequestCounts } from '../../src/github/graphql/pull-request-counts.ts';
import type { GitHubSession } from '../../src/github/session/session.ts';
import { findByName, listConnection } from '../../src/github/graphql/connections.ts';
import { pullRequests } from '../../src/entities/pull-requests.ts';
import { tags } from '../../src/entities/tags.ts';
import { createRepositoryApi } from '../../src/github/repository-api.ts';
import { countUsage } from '../../src/github/session/usage.ts';
import { UnreadableBody } from '../../src/github/session/unreadable-body.ts';
import { wideProbe } from '../../src/github/graphql/wide-probe.ts';
import { standBetween, type Between } from '../support/between.ts';

let sandbox: Sandbox;
let between: Between;
let github: GitHub;
let installationId: number;
let session: GitHubSession;
let repositories: { id: number; node_id: string }[];
let pulls: string[];

beforeAll(async () => {
  between = await standBetween();
  sandbox = await createSandbox();
  between.target = sandbox.url;
  const { control } = sandbox;
  control.createAccount({ login: 'acme', type: 'Organization' });
  const { id } = control.install({ account: 'acme' });
  for (const name of ['a', 'b', 'c']) {
    const made = control.createRepository({ owner: 'acme', name });
    control.push({ repo: made.id, commits: 1 });
  }
  for (const name of ['x', 'y', 'z']) {
    control.createBranch({ repo: 'acme/a', branch: name });
    control.pushTags({ repo: 'acme/a', tags: { [name]: 'main' } });
    control.openPull({ repo: 'acme/a', head: `pull-${name}` });
  }
  installationId = id;
  github = createGitHub({
    appId: sandbox.appId,
    privateKey: sandbox.privateKey,
    apiUrl: between.url,
    ledger: { read: () => Promise.resolve(new Map()), write: () => Promise.resolve() },
    retryBaseMs: 1,
  });
  session = github.installation(id);
  const answer = await session.get('/installation/repositories');
  const listed = z.object({ repositories: z.array(z.object({ id: z.number(), node_id: z.string() })) });
  ({ repositories } = listed.parse(answer.data));
  const { data } = await session.get('/repos/acme/a/pulls');
  pulls = z
    .array(z.object({ node_id: z.string() }))
    .parse(data)
    .map((pull) => pull.node_id);
});
afterAll(async () => {
  between.alter = null;
  await between.close();
  await sandbox.close();
});

const names = ['x', 'y', 'z'];
const first = () => repositories[0]?.node_id ?? '';
const may = { contents: true, issues: true, pull_requests: true };
const all = new Set(['labels', 'milestones', 'releases', 'tags']);

/** Every question that is asked by GraphQL: which it tells of, and where its elements are in `data`. */
const questions: Record<string, { ask: () => Promise<unknown[]>; at: string[]; odd: string | number }> = {
  probe: {
    ask: async () => [...((await probe(session, repositories, may)) ?? new Map()).keys()],
    at: ['nodes'],
    odd: 1,
  },
  'wide probe': {
    ask: async () => [...((await wideProbe(session, repositories, all)) ?? new Map()).keys()],
    at: ['nodes'],
    odd: 1,
  },
  'branch heads': {
    ask: async () => [...(await branchHeads(session, first(), names)).keys()],
    at: ['node'],
    odd: 'r1',
  },
  'counts of pull requests': {
    ask: async () =>
      (await pullRequestCounts(session, first(), '1970-01-01T00:00:00Z', 100)).map((one) => one.number),
    at: ['node', 'pullRequests', 'nodes'],
    odd: 1,
  },
  'details of pull requests': {
    ask: async () => {
      const { details } = await pullRequestDetails(session, pulls, 100);
      return details.flatMap((one) => (one === null || one instanceof SyncError ? [] : one.id));
    },
    at: ['nodes'],
    odd: 1,
  },
  'list of tags': {
    ask: async () => {
      const found: string[] = [];
      for await (const page of listConnection(session, first(), tags, undefined))
        found.push(...page.rows.map(({ name }) => name));
      return found;
    },
    at: ['node', 'refs', 'nodes'],
    odd: 1,
  },
  'tags by name': {
    ask: async () => [...(await findByName(session, first(), tags, names)).found.keys()],
    at: ['node'],
    odd: 'r1',
  },
};

const body = z.object({ data: z.record(z.string(), z.unknown()), errors: z.array(z.unknown()).default([]) });

/** Sets one element of each GraphQL answer, with an error that names it or something within it. */
function spoil(at: readonly string[], odd: string | number, value: unknown, error: object | null): void {
  between.alter = (answer) => {
    if (!answer.request.endsWith('/graphql')) return;
    const told = body.parse(JSON.parse(answer.body));
    const holder = at.reduce<unknown>((from, key) => Reflect.get(Object(from), key), told.data);
    if (value !== undefined) Reflect.set(Object(holder), odd, value);
    if (error !== null) told.errors.push({ path: [...at, odd], ...error });
    answer.body = JSON.stringify(told);
  };
}

const oddities: Record<string, { value: unknown; error: object | null }> = {
  'is something else': { value: 'x', error: null },
  'is null, and will not be shown': {
    value: null,
    error: { type: 'FORBIDDEN', message: 'Resource protected' },
  },
  'is null, and GitHub stumbled': {
    value: null,
    error: { message: 'Something went wrong while executing your query. Reference: `A:1`.' },
  },
  'is there, with an error of a type that nobody knows': {
    value: undefined,
    error: { type: 'SOMETHING_NEW', message: 'odd' },
  },
};

describe.each(Object.entries(questions))('%s', (_name, { ask, at, odd }) => {
  it.each(Object.entries(oddities))('returns all others if one %s', async (_what, { value, error }) => {
    between.alter = null;
    const whole = await ask();
    expect(whole.length).toBeGreaterThanOrEqual(3);
    spoil(at, odd, value, error);
    const left = await ask();
    expect(left).toEqual(whole.toSpliced(1, 1));
  });

  it.each([{ cost: 3e9 }, { cost: 1.5 }, { cost: '1' }, 'x', []])(
    'returns all, and counts one point for each query, if its cost is %j',
    async (cost) => {
      between.alter = null;
      const whole = await ask();
      between.alter = (answer) => {
        if (!answer.request.endsWith('/graphql')) return;
        const told = body.parse(JSON.parse(answer.body));
        answer.body = JSON.stringify({ ...told, data: { ...told.data, rateLimit: cost } });
      };
      const usage = { requests: 0, points: 0 };
      expect(await countUsage(usage, undefined, ask)).toEqual(whole);
      expect(usage.points).toBe(usage.requests);
    },
  );

  it('returns nothing if the error concerns the whole answer', async () => {
    spoil(at, odd, undefined, { path: undefined, type: 'INTERNAL', message: 'no' });
    await expect(ask()).rejects.toMatchObject({ code: 'GITHUB_BAD_ANSWER' });
  });
});

it.each([null, [], [null]])(
  'shows no first commit of a pull request of which GitHub counts commits and lists %j',
  async (nodes) => {
    between.alter = (passing) => {
      const told = body.parse(JSON.parse(passing.body));
      const shown = z.array(z.looseObject({})).parse(told.data['nodes']);
      const altered = shown.map((one) => ({ ...one, commits: { totalCount: 1, nodes } }));
      passing.body = JSON.stringify({ ...told, data: { ...told.data, nodes: altered } });
    };
    const { details } = await pullRequestDetails(session, pulls, 100);
    const columns = details.map((one) => (one === null || one instanceof SyncError ? null : one.columns));
    expect(columns).toMatchObject(pulls.map(() => ({ commits_count: 1, first_commit_at: undefined })));
  },
);

it.each([undefined, null, '3'])(
  'reads a list of repositories with the total_count %j to its end',
  async (count) => {
    between.alter = (passing) => {
      if (!passing.request.includes('/installation/repositories')) return;
      passing.body = JSON.stringify({ ...JSON.parse(passing.body), total_count: count });
    };
    const listed: number[] = [];
    for await (const { rows } of listRepositories(github, installationId))
      listed.push(...rows.map(({ id }) => id));
    expect(listed).toEqual(repositories.map(({ id }) => id));
  },
);

it.each(['text/html', 'application/vnd.github+json', ''])(
  'reads an answer with the content type %j',
  async (type) => {
    between.alter = (passing) => void (passing.headers['content-type'] = type);
    const { data } = await session.get(`/repositories/${repositories[0]?.id}`);
    expect(data).toMatchObject({ id: repositories[0]?.id });
  },
);

it.each(['', '<html>', '{"id":'])('repeats a request that was answered with success and %j', async (text) => {
  let asked = 0;
  between.alter = (passing) => {
    asked += 1;
    Object.assign(passing, { body: text, headers: { ...passing.headers, 'content-type': 'text/html' } });
  };
  await expect(session.get(`/repositories/${repositories[0]?.id}`)).rejects.toBeInstanceOf(UnreadableBody);
  expect(asked).toBe(3);
});

it.each([202, 204, 300, 301, 302, 307])('takes a %i that leads nowhere for no answer', async (status) => {
  between.alter = (passing) => void Object.assign(passing, { status, body: status === 204 ? '' : '{}' });
  const asked = session.get(`/repositories/${repositories[0]?.id}/labels`, [404, 410]);
  await expect(asked).rejects.toMatchObject({ code: 'GITHUB_BAD_ANSWER' });
});

it.each(['/repos/acme/a', '/repos/acme/another'])(
  'finds a pull request of a renamed repository despite a redirect to %s',
  async (name) => {
    const id = repositories[0]?.id ?? 0;
    between.alter = (passing) => {
      if (passing.request === `GET /repositories/${id}/pulls/1`)
        Object.assign(passing, {
          status: 302,
          body: '{}',
          headers: { ...passing.headers, location: `${between.url}${name}/pulls/1` },
        });
    };
    sandbox.control.renameRepository({ repo: id, name: name.split('/').at(-1) ?? '' });
    const api = createRepositoryApi(session, id, 'acme/a');
    expect(await api.find(pullRequests, { number: 1 })).toMatchObject({ state: 'found', row: { number: 1 } });
  },
);

it.each([
  { change: { events: ['push', null] }, shown: { events: ['push'] } },
  { change: { permissions: { odd: null, issues: 'read' } }, shown: { permissions: { issues: 'read' } } },
  { change: { account: {} }, shown: { account_login: '' } },
  { change: { account: { id: 'x', login: 'acme' }, target_id: {} }, shown: { account_login: '' } },
  { change: { repository_selection: null }, shown: { repository_selection: '' } },
  { change: { created_at: '' }, shown: { created_at: '' } },
  { change: { suspended_at: '' }, shown: { suspended_at: null } },
])('recognises an installation shown with $change', async ({ change, shown }) => {
  between.alter = (passing) => {
    if (!passing.request.startsWith('GET /app/installations')) return;
    const list = z.array(z.looseObject({})).parse(JSON.parse(passing.body));
    passing.body = JSON.stringify(list.map((one) => ({ ...one, ...change })));
  };
  const { rows, unreadable } = await listInstallations(github);
  expect(unreadable).toEqual([]);
  expect(rows).toMatchObject([{ id: installationId, ...shown }]);
  if (shown.permissions !== undefined) expect(rows[0]?.permissions).toEqual(shown.permissions);
});
