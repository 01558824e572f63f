import { beforeEach, describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, unannounced } = useMirror();

const permissions = {
  metadata: 'read',
  contents: 'read',
  issues: 'read',
  pull_requests: 'read',
  members: 'read',
};

/** From now on the App may not read these. */
async function withhold(kind: string): Promise<void> {
  const rest = Object.entries(permissions).filter(([name]) => name !== kind);
  control.changePermissions({ id: mirror.installationId, permissions: Object.fromEntries(rest) });
  await mirror.work();
  await mirror.sweep();
}

/** A delivery that shows the number as it was before `open`, which nothing tells of, arrives after it. */
async function arriveLate(edit: () => unknown, open: () => unknown): Promise<void> {
  control.addDeliveryFault({ kind: 'hold', times: 1 });
  edit();
  await unannounced(open);
  await mirror.sweep({ log: false });
  control.releaseDeliveries({});
}

const editIssue = () => control.editIssue({ repo, number: 1, title: 'edited' });
const editPull = () => control.editIssue({ repo, number: 3, title: 'edited' });
const openIssue = () => control.openIssue({ repo });
const counted = () => mirror.rows(`select open_issues_count as n from repositories`);

it('is counted here if only other kinds may not be read', async () => {
  await withhold('contents');
  await arriveLate(editIssue, openIssue);
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it.each([
  ['issues', editPull],
  ['pull_requests', editIssue],
])('is requested if %s may not be read', async (kind, edit) => {
  await withhold(kind);
  await arriveLate(edit, openIssue);
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

describe('while another list fails', () => {
  beforeEach(async () => {
    control.addFault({ match: '/branches', action: { kind: 'status', status: 500 } });
    await unannounced(() => control.push({ repo, branch: 'side' }));
  });

  it('is counted here', async () => {
    await arriveLate(editIssue, openIssue);
    await mirror.work();
    expect(await counted()).toEqual([{ n: 4 }]);
  });

  it('is counted by the comparison that fails because of it', async () => {
    await mirror.sweep({ log: false });
    control.addDeliveryFault({ kind: 'hold', times: 1 });
    editIssue();
    await unannounced(openIssue);
    control.releaseDeliveries({});
    await control.deliveriesDone({});
    // The list shows four; the delivery is applied after it, and what it lacks is found after that.
    await mirror.sweep({ log: false });
    expect(await counted()).toEqual([{ n: 4 }]);
  });
});

describe.each([
  ['issues', '/issues\\?', openIssue, editPull],
  ['pull requests', '/pulls\\?', () => control.openPull({ repo, head: 'side', base: 'main' }), editIssue],
])('while the list of %s itself fails', (_kind, match, open, edit) => {
  it('is GitHub’s count if some rows may be missing here', async () => {
    await unannounced(() => control.push({ repo, branch: 'side' }));
    await mirror.sweep();
    control.addFault({ match, action: { kind: 'status', status: 500 } });
    await unannounced(open);
    await mirror.sweep({ log: false });
    expect(await counted()).toEqual([{ n: 4 }]);
    edit();
    await mirror.work();
    expect(await counted()).toEqual([{ n: 4 }]);
    control.clearFaults({});
    await mirror.sweep({ log: false });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    edit();
    await mirror.work();
    expect(await mirror.rows(`select unread from repository_sync`)).toEqual([{ unread: {} }]);
  });
});

it('is GitHub’s count while the list of issues lacks existing ones', async () => {
  await unannounced(openIssue);
  control.addFault({ match: '/issues\\?', action: { kind: 'empty' } });
  await mirror.sweep({ log: false });
  expect(await mirror.rows('select sync_error from repositories')).toEqual([
    { sync_error: expect.stringMatching(/^LIST_SHIFTED: /) },
  ]);
  editPull();
  await mirror.work();
  expect(await counted()).toEqual([{ n: 4 }]);
});
