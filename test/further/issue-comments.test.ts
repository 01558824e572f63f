import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const nothing = { before: [], after: [] };
const { mirror, control, between, unannounced } = useMirrorBetween({ imported: false });

beforeAll(async () => {
  mirror.sandbox.world.silently(() => {
    control.createRepository({ owner: 'acme', name: 'silent' });
    control.openIssue({ repo: 'acme/silent', title: 'Nobody has answered' });
  });
  mirror.sandbox.world.silently(() => {
    for (const number of [1, 1, 2, 3]) control.comment({ repo, number, body: `On ${number}`, by: 'ann' });
  });
  await mirror.sweep({ log: false });
});

async function live(): Promise<string[]> {
  const rows = await mirror.rows<{ line: string }>(
    `select number || ' ' || coalesce(body, '') as line from issue_comments where deleted_at is null order by id`,
  );
  return rows.map(({ line }) => line);
}

function change(): Promise<void> {
  return unannounced(() => control.editIssue({ repo, number: 2, title: `Changed at ${Math.random()}` }));
}

/** Nothing of it is so young that another change could hide behind it. */
async function growOld(): Promise<void> {
  await mirror.rows(
    `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2100-01-01T00:00:00Z"')`,
  );
}

async function requestsOf(act: () => Promise<unknown>): Promise<string[]> {
  const before = between.requests.length;
  await act();
  return between.requests.slice(before).filter((request) => /comments/.test(request));
}

it('imports the comments of issues and of pull requests', async () => {
  expect(await live()).toEqual(['1 On 1', '1 On 1', '2 On 2', '3 On 3']);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

describe.each(deliveryModes)('comments %s', (way) => {
  it('are written, edited and deleted', async () => {
    expect(
      await applyAndCompare(mirror, way, () => {
        control.comment({ repo, number: 1, body: `Written ${way}`, by: 'bob' });
        control.comment({ repo, number: 3, body: `Written ${way}`, by: 'bob' });
        control.editComment({ repo, number: 1, body: `Edited ${way}` });
        control.comment({ repo, number: 2, body: 'A slip', by: 'bob' });
        control.deleteComment({ repo, number: 2 });
      }),
    ).toEqual(nothing);
    expect(await live()).toContain(`1 Edited ${way}`);
    expect(await live()).not.toContain('2 A slip');
  });

  it('are written with an issue or pull request opened a moment before', async () => {
    expect(
      await applyAndCompare(mirror, way, () => {
        const { number } = control.openIssue({ repo, title: `New ${way}` });
        control.comment({ repo, number, body: 'First', by: 'ann' });
        const pull = control.openPull({ repo, head: `new-${way.replaceAll(' ', '-')}`, title: `New ${way}` });
        control.comment({ repo, number: pull.number, body: 'First', by: 'ann' });
      }),
    ).toEqual(nothing);
  });

  it('are marked with a deleted issue, and recreated where it is transferred to', async () => {
    control.createRepository({ owner: 'acme', name: `other-${deliveryModes.indexOf(way)}` });
    const target = `acme/other-${deliveryModes.indexOf(way)}`;
    const [one, two] = [1, 2].map(() => control.openIssue({ repo, title: 'Going' }).number);
    for (const number of [one, two]) control.comment({ repo, number: number ?? 0, body: 'Going', by: 'ann' });
    await mirror.work();
    await mirror.sweep();
    const told = await applyAndCompare(mirror, way, () => {
      control.deleteIssue({ repo, number: one ?? 0 });
      control.transferIssue({ repo, number: two ?? 0, to: target });
    });
    expect(told).toEqual(nothing);
    expect(await live()).not.toContain(`${one} Going`);
  });
});

it('marks unannounced deletions if anything else of their issue or pull request changed', async () => {
  await unannounced(() => {
    for (const number of [2, 3]) {
      control.deleteComment({ repo, number });
      control.editIssue({ repo, number, title: 'Changed beside it' });
    }
  });
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('leaves unchanged repositories alone, and sends one request for one whose issues changed', async () => {
  await growOld();
  expect(await requestsOf(() => mirror.sweep())).toEqual([]);
  // GitHub's clocks have seconds: within the one that was looked at it would not show.
  await sleep(1100);
  await unannounced(() => control.comment({ repo, number: 2, body: 'More', by: 'bob' }));
  const asked = await requestsOf(() => mirror.sweep());
  expect(asked).toEqual([expect.stringContaining('/issues/comments?sort=updated')]);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('requests nothing of a repository without comments until it has one', async () => {
  const other = { repo: 'acme/silent' };
  await growOld();
  await unannounced(() => control.openIssue({ ...other, title: 'Nobody has answered this one' }));
  expect(await requestsOf(() => mirror.sweep())).toEqual([]);
  await sleep(1100);
  await unannounced(() => control.comment({ ...other, number: 1, body: 'At last', by: 'ann' }));
  await mirror.sweep();
  expect(await live()).toContain('1 At last');
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('requests nothing of a repository whose changed issues have no comments', async () => {
  await growOld();
  await sleep(1100);
  // The mark lies a minute back, in which the tests before this one wrote comments.
  await mirror.rows(`update repository_sync set high_water_marks = high_water_marks ||
    jsonb_build_object('issue_comments', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))`);
  await unannounced(() => control.openIssue({ repo, title: 'Nobody has answered yet' }));
  expect(await requestsOf(() => mirror.sweep())).toEqual([]);
  await unannounced(() => control.comment({ repo, number: 2, body: 'Later', by: 'ann' }));
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('revives no deleted comment because of a late payload, announced or not', async () => {
  control.comment({ repo, number: 1, body: 'Short-lived', by: 'bob' });
  await mirror.work();
  await unannounced(() => {
    control.deleteComment({ repo, number: 1 });
    control.editIssue({ repo, number: 1, title: 'Changed beside it' });
  });
  await mirror.sweep();
  expect(await live()).not.toContain('1 Short-lived');
  await mirror.rows(`update webhook_deliveries set status = 'pending', processed_at = null
    where event = 'issue_comment' and payload #>> '{comment,body}' = 'Short-lived'`);
  await mirror.work();
  expect(await live()).not.toContain('1 Short-lived');
});

it("reads an issue's list once if its count permanently differs", async () => {
  between.alter = (answer) => {
    if (!/GET \S*\/issues(\?|\/2$)/.test(answer.request)) return;
    // Of that issue alone: what is told of another one would stay, where nothing shows it again.
    const shown: unknown = JSON.parse(answer.body, (_key, value: { number?: number; comments?: number }) =>
      value?.number === 2 && value.comments !== undefined
        ? { ...value, comments: value.comments + 1 }
        : value,
    );
    answer.body = JSON.stringify(shown);
  };
  await change();
  expect((await requestsOf(() => mirror.sweep())).filter((one) => one.includes('/2/comments'))).toHaveLength(
    1,
  );
  await change();
  expect((await requestsOf(() => mirror.sweep())).filter((one) => one.includes('/2/comments'))).toEqual([]);
  between.alter = null;
  await change();
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  expect(await mirror.rows('select number from comment_count_differences where number = 2')).toEqual([]);
});

it('reads more comments of an issue than page numbers reach, and finds a deleted one behind them', async () => {
  const issue = [...mirror.sandbox.world.state.repositories.values()]
    .find(({ name }) => name === 'app')
    ?.issues.get(2);
  const before = issue?.comments.length ?? 0;
  await unannounced(() => {
    mirror.sandbox.world.silently(() => {
      for (let at = 0; at < 650; at += 1) control.comment({ repo, number: 2, body: `Number ${at}` });
    });
    // Of old, so that no list by time of change shows them.
    for (const [at, one] of (issue?.comments.slice(before) ?? []).entries()) {
      one.createdAt -= 86_400 * 7 - at * 60;
      one.updatedAt = one.createdAt;
    }
  });
  control.limitLists({ rows: 200 });
  await change();
  const asked = await requestsOf(() => mirror.sweep());
  control.limitLists({ rows: null });
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  // Seven pages, of which GitHub refuses some that are asked for ahead, and the last of each reading once more.
  expect(asked.length).toBeLessThan(25);

  await unannounced(() => control.deleteComment({ repo, number: 2, id: issue?.comments.at(-50)?.id }));
  await change();
  control.limitLists({ rows: 200 });
  await mirror.sweep();
  control.limitLists({ rows: null });
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('repairs any damaged column, missing and superfluous rows in a verification', async () => {
  await mirror.verify();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  const damages = [
    `body = 'x'`,
    `number = 3`,
    `author_login = 'x', author_id = null`,
    `author_association = 'X'`,
    `created_at = now()`,
    `updated_at = now() + interval '1 day'`,
    `deleted_at = now()`,
  ];
  for (const [at, damage] of damages.entries()) {
    await mirror.rows(`update issue_comments set ${damage} where id =
      (select id from issue_comments where deleted_at is null and number <> 3 order by id offset ${at} limit 1)`);
  }
  expect(await mirror.verify()).toBe(damages.length);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  await mirror.rows(`delete from issue_comments where number = 3`);
  await mirror.rows(`insert into issue_comments (id, repository_id, number, created_at, updated_at)
    select 99999999, id, 1, now(), now() from repositories where full_name = '${repo}'`);
  expect(await mirror.verify()).toBeGreaterThan(1);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('keeps the comments of a live issue if another issue with its number is deleted', async () => {
  const before = await live();
  control.editIssue({ repo, number: 1, title: 'As a payload shows it' });
  await mirror.work();
  const { event, body } = mirror.sandbox.world.state.deliveries.at(-1) ?? { event: '', body: '{}' };
  const payload: Record<string, unknown> = JSON.parse(body);
  const issue = { ...Object(payload['issue']), id: 9_000_000_001 };
  control.sendDelivery({ event, payload: { ...payload, action: 'deleted', issue } });
  await mirror.work();
  expect(
    await mirror.rows(`select number from issues where deleted_reason = 'deleted' and id = 9000000001`),
  ).toEqual([{ number: 1 }]);
  expect(before).toContain('1 On 1');
  expect(await live()).toEqual(before);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

function allow(permissions: Record<string, string>): Promise<void> {
  control.changePermissions({ id: mirror.installationId, permissions });
  return mirror.work();
}

describe('comments on pull requests that the App may not read', () => {
  const all = { metadata: 'read', contents: 'read', issues: 'read', members: 'read', pull_requests: 'read' };
  const { pull_requests: _without, ...less } = all;

  it('are imported, and written when they are delivered', async () => {
    await allow(less);
    const { number } = control.openPull({ repo, head: 'feature', title: 'Unseen' });
    control.comment({ repo, number, body: 'On one that is unknown here', by: 'bob' });
    await mirror.work();
    expect(await live()).toContain(`${number} On one that is unknown here`);
    mirror.sandbox.world.silently(() => {
      const unread = 'acme/closed-book';
      control.createRepository({ owner: 'acme', name: 'closed-book' });
      control.push({ repo: unread });
      control.push({ repo: unread, branch: 'topic' });
      const { number: first } = control.openPull({ repo: unread, head: 'topic', title: 'First' });
      control.comment({ repo: unread, number: first, body: 'Imported without its parent', by: 'bob' });
    });
    await mirror.sweep({ log: false });
    expect(await live()).toContain('1 Imported without its parent');
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('stay where they are once their parents may be read', async () => {
    await allow(all);
    await mirror.sweep({ log: false });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
