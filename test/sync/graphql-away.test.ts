import { describe, expect, it } from '@jest/globals';
import { sqlOf } from '../../src/db/orm.ts';
import { enqueueVerification } from '../../src/db/repository-sync/enqueue-repositories.ts';
import type { PassingAnswer } from '../support/between.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, unannounced, between } = useMirrorBetweenEach();

/** How GraphQL fails: as a server, or within an answer. */
const failures: Record<string, (answer: PassingAnswer) => void> = {
  'a 502': (answer) => {
    answer.status = 502;
    answer.body = '<html>Bad Gateway</html>';
    answer.headers['content-type'] = 'text/html';
  },
  'a 404, as a proxy or a server without GraphQL does': (answer) => {
    answer.status = 404;
    answer.body = JSON.stringify({ message: 'Not Found' });
  },
  'an error in place of data': (answer) => {
    answer.body = JSON.stringify({ data: null, errors: [{ type: 'INTERNAL', message: 'odd' }] });
  },
};

/** What GraphQL tells of it and REST alone does not is left out: tags, and the detail of pull requests. */
function changeWhatRestShows(): void {
  control.push({ repo, commits: 2 });
  control.editIssue({ repo, number: 1, title: 'Lost' });
  control.openIssue({ repo });
  control.comment({ repo, number: 1 });
  control.editIssue({ repo, number: 3, title: 'A lost pull request' });
  control.createLabel({ repo, name: 'lost' });
}

const said = `select full_name, split_part(sync_error, ':', 1) as code from repositories
  where sync_status = 'error' order by id`;

/** What of the rows is wrong, whatever is said about it. */
async function wrongRows(): Promise<string[]> {
  const differences = await differencesFromGitHub(mirror, { details: false });
  return differences.filter((one) => !/: sync_(status|error) is /.test(one));
}

async function requestsOfSweep(): Promise<number> {
  const before = between.requests.length;
  await mirror.sweep();
  return between.requests.length - before;
}

describe.each(Object.entries(failures))('GraphQL that answers %s', (_words, fail) => {
  it('about one repository leaves REST working for it, and other repositories fresh', async () => {
    control.createRepository({ owner: 'acme', name: 'other' });
    await mirror.work();
    const [own] = await mirror.rows<{ node_id: string }>(
      `select node_id from repositories where full_name = '${repo}'`,
    );
    between.alter = (answer) => {
      if (answer.request.includes('/graphql') && answer.question.includes(own?.node_id ?? '')) fail(answer);
    };
    await unannounced(() => {
      changeWhatRestShows();
      control.push({ repo: 'acme/other', commits: 1 });
    });
    await mirror.sweep();
    expect(await wrongRows()).toEqual([]);
    expect(await mirror.rows(said)).toEqual([{ full_name: repo, code: 'GRAPHQL_UNAVAILABLE' }]);
    await unannounced(() => control.editIssue({ repo, number: 1, title: 'Lost again' }));
    // One comparison of it, and the questions that it takes to find the one that spoils them.
    expect(await requestsOfSweep()).toBeLessThan(60);
    expect(await wrongRows()).toEqual([]);
    control.review({ repo, number: 3, state: 'approved' });
    await mirror.work();
    expect(
      await mirror.rows(`select status, left(error, 19) as error from webhook_deliveries
        where event = 'pull_request_review'`),
    ).toEqual([{ status: 'processed', error: 'GRAPHQL_UNAVAILABLE' }]);
    between.alter = null;
    await mirror.sweep();
    expect(await mirror.rows(said)).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('about everything is queried little, and new repositories are imported by REST', async () => {
    between.alter = (answer) => {
      if (answer.request.includes('/graphql')) fail(answer);
    };
    control.createRepository({ owner: 'acme', name: 'new' });
    control.push({ repo: 'acme/new', commits: 3 });
    await mirror.work();
    await mirror.sweep();
    await unannounced(changeWhatRestShows);
    await mirror.sweep();
    expect(await wrongRows()).toEqual([]);
    const before = between.requests.length;
    await mirror.sweep();
    const asked = between.requests.slice(before);
    expect(asked.filter((request) => request.includes('/graphql')).length).toBeLessThan(40);
    between.alter = null;
    await mirror.sweep();
    expect(await mirror.rows(said)).toEqual([]);
  });
});

it('compares some of the repositories that GraphQL does not answer about in each sweep, longest waiting first', async () => {
  for (let n = 0; n < 60; n += 1) control.createRepository({ owner: 'acme', name: `r${n}` });
  await mirror.work();
  between.alter = (answer) => {
    if (answer.request.includes('/graphql')) failures['a 502']?.(answer);
  };
  const compared = `select count(*) as n from repository_sync where without_graphql_at is not null`;
  await mirror.sweep();
  expect(await mirror.rows(compared)).toEqual([{ n: 40 }]);
  const [job] = await mirror.rows<{ left_out: number }>(
    `select (errors_by_code ->> 'GRAPHQL_UNAVAILABLE')::int as left_out from sync_jobs`,
  );
  expect(job?.left_out).toBeGreaterThanOrEqual(21);
  await mirror.sweep();
  expect(await mirror.rows(compared)).toEqual([{ n: 61 }]);
});

it('lets a full comparison that cannot be completed take no other’s turn', async () => {
  for (const name of ['b', 'c', 'd']) control.createRepository({ owner: 'acme', name });
  await mirror.work();
  const queued = `select count(*) as n from repository_sync where verification_queued_at is not null`;
  const db = sqlOf(mirror.orm);
  await mirror.rows(`update repository_sync set verified_at = now() - interval '3 days'`);
  for (let sweeps = 1; sweeps <= 4; sweeps += 1) {
    // None of them is ever verified.
    expect(await enqueueVerification(db, 0.25, 86_400_000)).toBe(1);
    expect(await mirror.rows(queued)).toEqual([{ n: sweeps }]);
  }
  expect(await enqueueVerification(db, 0.25, 86_400_000)).toBe(0);
  expect(await enqueueVerification(db, 1, 0)).toBe(4);
});
