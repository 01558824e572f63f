import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();
const year = '2099-01-01T00:00:00Z';

interface Dated {
  /** the field of the payload that shows it */
  subject: string;
  /** makes one, edited by what it returns */
  make: () => (words: string) => unknown;
  /** its list in REST, and what it is known by there */
  list: string;
  where?: Record<string, string | number>;
}

const kinds: Record<string, Dated> = {
  repository: {
    subject: 'repository',
    make: () => (description) => control.editRepository({ repo, description }),
    list: '/installation/repositories|/repositories/\\d+$',
  },
  issue: {
    subject: 'issue',
    make: () => (title) => control.editIssue({ repo, number: 1, title }),
    list: '/issues(\\?|/1$)',
    where: { number: 1 },
  },
  'pull request': {
    subject: 'pull_request',
    make: () => (title) => control.editIssue({ repo, number: 3, title }),
    list: '/pulls(\\?|/3$)',
  },
  comment: {
    subject: 'comment',
    make: () => {
      control.comment({ repo, number: 1 });
      return (body) => control.editComment({ repo, number: 1, body });
    },
    list: '/issues/comments',
  },
  'review comment': {
    subject: 'comment',
    make: () => {
      control.reviewComment({ repo, number: 3 });
      return (body) => control.editReviewComment({ repo, number: 3, body });
    },
    list: '/pulls/comments',
  },
  milestone: {
    subject: 'milestone',
    make: () => {
      const { number } = control.createMilestone({ repo, title: 'M' }).milestone;
      return (description) => control.editMilestone({ repo, number, description });
    },
    list: '/milestones',
  },
  release: {
    subject: 'release',
    make: () => {
      control.pushTags({ repo, tags: { v9: 'main' } });
      control.createRelease({ repo, tag: 'v9' });
      return (name) => control.editRelease({ repo, tag: 'v9', name });
    },
    list: '/releases',
  },
};

describe.each(Object.entries(kinds))(
  'a %s with a future time',
  (_name, { subject, make, list, where = {} }) => {
    it('does not make later changes look older if a delivery shows it', async () => {
      const edit = make();
      await mirror.work();
      edit('first');
      await control.deliveriesDone({});
      await mirror.rows(`update webhook_deliveries
      set payload = jsonb_set(payload, '{${subject},updated_at}', '"${year}"')
      where status = 'pending' and payload ? '${subject}'`);
      await mirror.work();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
      edit('second');
      await mirror.work();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
    });

    it('is replaced by any other if GitHub’s answers show it, delivered or found by a sweep', async () => {
      const edit = make();
      await mirror.work();
      for (const how of ['delivered', 'lost']) {
        control.addFault({
          action: { kind: 'odd-element', where, set: { updated_at: year } },
          match: list,
        });
        edit('first');
        await mirror.work();
        await mirror.verify();
        control.clearFaults({});
        if (how === 'lost') control.addDeliveryFault({ kind: 'lose' });
        edit(how);
        await (how === 'lost' ? mirror.sweep() : mirror.work());
        expect([how, await differencesFromGitHub(mirror)]).toEqual([how, []]);
      }
    });
  },
);
