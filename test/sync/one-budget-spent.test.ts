import { expect, it } from '@jest/globals';
import { SyncError } from '../../src/errors.ts';
import { answerQuestions, type Question } from '../../src/sync/deliveries/answer-questions.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();

const question = (ask: Question['ask']): Question => ({ guids: new Set(), patientUntil: Infinity, ask });

const ended = () =>
  mirror.rows(`select event, status, failures from webhook_deliveries
    where received_at > (select max(received_at) - interval '1 minute' from webhook_deliveries)
      and event in ('push', 'pull_request') order by event desc`);

// The detail of a pull request is read by GraphQL, the commits of a push by REST.
it.each(['given up before', 'asked as ever'])(
  'delays only what needs GraphQL if its rate limit is exhausted (GraphQL: %s)',
  async (graphql) => {
    const { installationId } = mirror;
    if (graphql === 'given up before')
      await mirror.rows('update repository_sync set without_graphql_at = now()');
    await mirror.rows("update webhook_deliveries set received_at = received_at - interval '1 day'");
    control.setRateLimit({ installationId, resource: 'graphql', remaining: 0, resetIn: 3600 });
    control.editIssue({ repo, number: 3, title: 'asked by GraphQL' });
    control.push({ repo, commits: 2 });
    await control.deliveriesDone({});
    await expect(mirror.work()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(await ended()).toEqual([
      { event: 'push', status: 'processed', failures: 0 },
      { event: 'pull_request', status: 'pending', failures: 0 },
    ]);
    const differences = await differencesFromGitHub(mirror, { details: false });
    expect(differences.filter((one) => /commits|head_sha/.test(one))).toEqual([]);
  },
);

it('answers by GraphQL though the request about the repository itself waits for the limit of REST', async () => {
  const { installationId } = mirror;
  await mirror.rows("update webhook_deliveries set received_at = received_at - interval '1 day'");
  control.setRateLimit({ installationId, resource: 'core', remaining: 0, resetIn: 3600 });
  control.renameRepository({ repo, name: 'renamed' });
  control.editIssue({ repo: 'acme/renamed', number: 3, title: 'asked by GraphQL' });
  await control.deliveriesDone({});
  await expect(mirror.work()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(
    await mirror.rows(`select event, status, failures from webhook_deliveries
      where received_at > (select max(received_at) - interval '1 minute' from webhook_deliveries)
      order by event`),
  ).toEqual([
    { event: 'pull_request', status: 'processed', failures: 0 },
    { event: 'repository', status: 'pending', failures: 0 },
  ]);
});

it('compares the repository of an unreadable delivery although the round ends at an exhausted rate limit', async () => {
  const { installationId } = mirror;
  control.setRateLimit({ installationId, resource: 'graphql', remaining: 0, resetIn: 3600 });
  control.editIssue({ repo, number: 3, title: 'asked by GraphQL' });
  const payload = {
    action: 'edited',
    issue: { id: 1, number: 1 },
    comment: { id: 1 },
    repository: { id: 1_060_000_001, full_name: repo },
    installation: { id: installationId },
  };
  control.sendDelivery({ event: 'issues', payload });
  await expect(mirror.work()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(
    await mirror.rows(`select d.status, s.wanted_mode from webhook_deliveries d
      join repository_sync s using (repository_id) where d.event = 'issues'`),
  ).toEqual([{ status: 'failed', wanted_mode: 'changes' }]);
});

it('repeats requests that GitHub does not answer yet although another waits for a rate limit', async () => {
  const asked = { limited: 0, late: 0 };
  const limited = question(() => {
    asked.limited += 1;
    throw new SyncError('RATE_LIMITED', 'spent', { retryAfterMs: 3_600_000 });
  });
  const late = question(() => {
    asked.late += 1;
    return Promise.resolve(asked.late > 2);
  });
  const outcome = await answerQuestions([limited, late], {
    delays: [0, 0, 0],
    isHurried: () => false,
    isOver: () => false,
    isUnavailable: () => Promise.resolve(false),
    blockOfAll: () => Promise.resolve(null),
  });
  expect(outcome).toMatchObject({ failed: [], left: [limited], limited: { retryAfterMs: 3_600_000 } });
  expect(asked).toEqual({ limited: 1, late: 3 });
});
