import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isPullRequest, issues } from '../../src/entities/issues.ts';
import { pullRequests } from '../../src/entities/pull-requests.ts';
import { commitAnswer, read } from '../../src/github/answers.ts';
import { toCommitRow } from '../../src/github/map.ts';
import { rowPage } from '../../src/github/pages/row-page.ts';
import { readIssuePayload, readPullRequestPayload } from '../../src/github/payloads/payloads.ts';
import { sortedSet, storable, storableOrNull } from '../../src/text.ts';
import { parseNoreply } from '../../src/sync/contributors/noreply-address.ts';

/** Any UTF-16, with NUL and lone surrogates more often than chance has it. */
const text = fc
  .array(
    fc.oneof(fc.constantFrom('\0', '\ud800', '\udfff', '\ud83d\udc19', 'a'), fc.string({ maxLength: 3 })),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** PostgreSQL takes it: no NUL, and valid as UTF-8. */
function canBeStored(value: unknown): boolean {
  const json = JSON.stringify(value);
  return !json.includes(String.raw`\u0000`) && !/\\ud[89a-f]/i.test(json);
}

describe('text', () => {
  it('can always be stored, and stays as it is where it could be', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(canBeStored(storable(value))).toBe(true);
        expect(storable(storable(value))).toBe(storable(value));
        if (value.isWellFormed() && !value.includes('\0')) expect(storable(value)).toBe(value);
        expect(storable(value)).toHaveLength(value.length);
      }),
    );
    expect(storableOrNull(undefined)).toBeNull();
  });

  it('is sorted by code point, not by UTF-16 unit, without repeats', () => {
    expect(sortedSet(['b', '\u{1f419}', '\uffee', 'a', 'b', 'B'])).toEqual([
      'B',
      'a',
      'b',
      '\uffee',
      '\u{1f419}',
    ]);
  });
});

const user = { id: 5, login: 'ann', type: 'User', avatar_url: 'https://a' };
const issue = {
  id: 7,
  number: 3,
  title: 't',
  body: '',
  state: 'open',
  state_reason: null,
  user,
  labels: [{ name: 'b' }, 'a', { name: null }],
  assignees: [{ login: 'bob' }, null],
  comments: 1,
  locked: false,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: 1_700_000_000,
  closed_at: null,
};

const toIssueRow = (shown: object) => readIssuePayload({ issue: shown }).row;

describe('rows', () => {
  it('have null for the empty body of an issue, its labels sorted, its times in ISO from either spelling', () => {
    expect(toIssueRow(issue)).toMatchObject({
      body: null,
      labels: ['a', 'b'],
      assignees: ['bob'],
      updated_at: '2023-11-14T22:13:20.000Z',
      created_at: '2026-01-01T00:00:00.000Z',
      author: { github_id: 5, login: 'ann' },
    });
  });

  it.each([null, undefined, { id: 10_137, login: 'ghost' }])(
    'have the ghost as the author whose account was deleted: %j',
    (shown) => {
      const row = toIssueRow({ ...issue, user: shown });
      expect(row).toMatchObject({ author_login: 'ghost', author: null });
    },
  );

  it('have no merge commit for the trial merge of a pull request', () => {
    const side = { ref: 'x', sha: 'y' };
    const pull = { ...issue, head: side, base: side, merge_commit_sha: 'trial' };
    expect(readPullRequestPayload({ pull_request: pull }).merge_commit_sha).toBeNull();
    const merged = { ...pull, state: 'closed', merged_at: '2026-01-01T00:00:00Z' };
    expect(readPullRequestPayload({ pull_request: merged }).merge_commit_sha).toBe('trial');
  });

  it('have what a REST list leaves out as empty, and nothing for what a payload leaves out', () => {
    const answer = { status: 200, links: { next: null, last: null }, date: '', url: '' };
    const page = (data: unknown[]) => ({ url: '', answer: { ...answer, data }, holes: [], broken: false });
    const [shown] = rowPage(page([issue]), issues).rows;
    expect(shown).toMatchObject({ type: null, milestone_id: null, sub_issues_total: null });
    expect(readIssuePayload({ issue }).row).toMatchObject({ type: undefined, milestone_id: undefined });
    const side = { ref: 'x', sha: 'y' };
    const pull = { ...issue, head: side, base: side };
    expect(rowPage(page([pull]), pullRequests).rows).toMatchObject([
      { requested_reviewers: [], requested_teams: [], milestone_id: null },
    ]);
    expect(readPullRequestPayload({ pull_request: pull }).requested_teams).toBeUndefined();
  });

  it('distinguish issues from pull requests', () => {
    expect(isPullRequest(issue)).toBe(false);
    expect(isPullRequest({ ...issue, pull_request: null })).toBe(false);
    expect(isPullRequest({ ...issue, pull_request: {} })).toBe(true);
  });

  it('can be stored whatever the text', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(null, {}, user, undefined), (value, author) => {
        const row = toIssueRow({
          ...issue,
          title: value,
          body: value,
          labels: [value],
          user: { ...user, login: value },
        });
        const person = { name: value, email: value, date: '1970-01-01T00:00:00Z' };
        const commit = {
          sha: 'a',
          author,
          parents: [],
          commit: { message: value, author: person, committer: null },
        };
        expect(canBeStored(row)).toBe(true);
        expect(canBeStored(toCommitRow(read(commitAnswer, commit, 'x')))).toBe(true);
      }),
    );
  });

  it('have null where a commit has no author, committer or account', () => {
    const bare = { sha: 'a', parents: [], commit: { message: '', author: null, committer: null } };
    expect(toCommitRow(read(commitAnswer, bare, 'x'))).toMatchObject({
      author: null,
      committed_at: null,
      author_email: null,
    });
    expect(toCommitRow(read(commitAnswer, { ...bare, author: {} }, 'x')).author).toBeNull();
  });

  it('say where they cannot be read, and never what is there', () => {
    const odd = { ...issue, number: 'secret' };
    expect(() => toIssueRow(odd)).toThrow(/issue: number/);
    expect(() => toIssueRow(odd)).not.toThrow(/secret/);
  });
});

describe('noreply addresses', () => {
  it.each([
    ['123+ann@users.noreply.github.com', { githubId: 123, login: 'ann' }],
    ['Ann@Users.NoReply.GitHub.com', { githubId: null, login: 'Ann' }],
    [
      '41898282+github-actions[bot]@users.noreply.github.com',
      { githubId: 41_898_282, login: 'github-actions[bot]' },
    ],
    ['  7+a@users.noreply.github.com ', { githubId: 7, login: 'a' }],
    ['ann@example.com', null],
    ['x+ann@users.noreply.github.com', null],
    ['ann@users.noreply.github.com.example.com', null],
    ['noreply@github.com', null],
    ['', null],
  ])('%s', (email, expected) => {
    expect(parseNoreply(email)).toEqual(expected);
  });
});
