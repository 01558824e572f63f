import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { furtherKinds } from '../../src/entities/index.ts';
import { DETAILS, ROOTS } from '../../src/github/graphql/pull-request-detail-questions.ts';
import { measured } from '../sandbox/graphql-world.ts';
import { questionsDuring } from '../support/between.ts';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetween({ imported: false });

let pull = 0;

beforeAll(async () => {
  mirror.sandbox.world.silently(() => {
    pull = control.openPull({ repo, head: 'costs', title: 'costs', by: 'bob' }).number;
    control.comment({ repo, number: 1, body: 'First', by: 'ann' });
    control.review({ repo, number: pull, state: 'commented', body: 'Hm', by: 'ann' });
    control.reviewComment({ repo, number: pull, body: 'Why?', by: 'ann' });
    control.createLabel({ repo, name: 'first' });
    control.createMilestone({ repo, title: 'first' });
    control.createRelease({ repo, tag: 'first' });
    control.uploadAsset({ repo, tag: 'first', name: 'first.zip' });
  });
  await mirror.sweep({ log: false });
});

/** One change of which nobody is told, and every kind of which it changes rows. */
const changes: Record<string, { kinds: string[]; happens: () => unknown }> = {
  issue_comments: {
    kinds: ['issues', 'issue_comments'],
    happens: () => control.comment({ repo, number: 1, body: 'Second', by: 'bob' }),
  },
  pull_request_reviews: {
    kinds: ['pull_requests', 'pull_request_reviews'],
    happens: () => control.review({ repo, number: pull, state: 'approved', by: 'ann' }),
  },
  pull_request_review_comments: {
    kinds: ['pull_requests', 'pull_request_reviews', 'pull_request_review_comments'],
    happens: () => control.editReviewComment({ repo, number: pull, body: 'Why not?' }),
  },
  pull_request_review_threads: {
    kinds: [
      'pull_requests',
      'pull_request_reviews',
      'pull_request_review_comments',
      'pull_request_review_threads',
    ],
    happens: () => control.reviewComment({ repo, number: pull, body: 'And here?', by: 'ann' }),
  },
  labels: { kinds: ['labels'], happens: () => control.createLabel({ repo, name: 'second' }) },
  milestones: { kinds: ['milestones'], happens: () => control.createMilestone({ repo, title: 'second' }) },
  releases: {
    kinds: ['releases', 'tags'],
    happens: () => control.createRelease({ repo, tag: 'second' }),
  },
  release_assets: {
    kinds: ['releases', 'release_assets'],
    happens: () => {
      control.uploadAsset({ repo, tag: 'second', name: 'second.zip' });
      control.editRelease({ repo, tag: 'second', body: 'with a file' });
    },
  },
  tags: { kinds: ['tags'], happens: () => control.pushTags({ repo, tags: { second: 'main' } }) },
};

/** What the next sweep asks: GraphQL's questions by their names, and requests. */
async function sweep(): Promise<{ questions: string[]; requests: string[] }> {
  // Nothing is so young that another change could hide behind it, and GitHub's clocks have seconds.
  await mirror.rows(
    `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2100-01-01T00:00:00Z"')`,
  );
  await mirror.rows('update pull_requests set detail_of = updated_at');
  await comeHourly(mirror);
  const asked = await questionsDuring(between, () => mirror.sweep());
  const requests = asked.filter((one) => one.startsWith('/') || one.startsWith('GET'));
  return {
    requests,
    questions: asked.filter((one) => !requests.includes(one)),
  };
}

describe('a change of which nobody is told', () => {
  it('is tried of every further kind', () => {
    expect(Object.keys(changes).sort()).toEqual(furtherKinds.map(({ name }) => name).sort());
  });

  it.each(Object.entries(changes))(
    'of %s costs at most two requests and one question more for each kind that changed',
    async (_name, { kinds, happens }) => {
      await sweep();
      const quiet = await sweep();
      await sleep(1100);
      await unannounced(happens);
      const changed = await sweep();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
      const more = changed.requests.length - quiet.requests.length;
      const questions = changed.questions.length - quiet.questions.length;
      expect({
        more: changed,
        requests: more <= 2 * kinds.length,
        questions: questions <= kinds.length,
      }).toEqual({
        more: changed,
        requests: true,
        questions: true,
      });
    },
  );
});

describe('the questions about a hundred pull requests', () => {
  const ids = Array(100).fill('PR_x');

  it('cost five points: none asks for what is below each conversation', async () => {
    expect(await measured(DETAILS, { ids, children: 100 })).toMatchObject({ cost: 5 });
  });

  it('cost one about the first comments of as many conversations', async () => {
    expect(await measured(ROOTS, { ids })).toMatchObject({ cost: 1 });
  });
});
