import { expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();

const ended = () =>
  mirror.rows(`select event, status, failures from webhook_deliveries
    where received_at > (select max(received_at) - interval '1 minute' from webhook_deliveries)
      and event in ('push', 'pull_request') order by event desc`);

// The detail of a pull request is read by GraphQL, the commits of a push by REST.
it.each(['given up before', 'asked as ever'])(
  'a spent budget of GraphQL keeps waiting what it alone tells (GraphQL: %s)',
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
