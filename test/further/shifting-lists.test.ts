import { afterEach, expect, it } from '@jest/globals';
import { differencesFromGitHub, differencesIn } from '../support/mirror-differences.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';

const repo = 'acme/app';
/** More than a page has. */
const MANY = 130;
const { mirror, control, between, unannounced } = useMirrorBetween();

interface List {
  /** how its first page is asked for: the request's line and the question */
  page: RegExp;
  create: (at: number) => unknown;
  /** deletes one that the first page shows, so that the second one begins an element later */
  remove: () => unknown;
}

const nameOf = (at: number) => `shifting-${String(at).padStart(3, '0')}`;
const repositories = () => [...mirror.sandbox.world.state.repositories.values()];
const milestones = () => repositories().flatMap((one) => [...one.milestones.values()]);
const comments = () =>
  repositories()
    .find(({ name }) => name === 'app')
    ?.issues.get(1)?.comments ?? [];
const lines: number[] = [];

const lists: Record<string, List> = {
  labels: {
    page: /\/labels\?/,
    create: (at) => control.createLabel({ repo, name: nameOf(at) }),
    remove: () => control.deleteLabel({ repo, name: nameOf(50) }),
  },
  milestones: {
    page: /\/milestones\?/,
    create: (at) => control.createMilestone({ repo, title: nameOf(at) }),
    remove: () =>
      control.deleteMilestone({
        repo,
        number: milestones().find(({ title }) => title === nameOf(50))?.number ?? 0,
      }),
  },
  releases: {
    page: /\/releases\?/,
    create: (at) => control.createRelease({ repo, tag: nameOf(at) }),
    remove: () => control.deleteRelease({ repo, tag: nameOf(120) }),
  },
  tags: {
    page: /query Tags\b/,
    create: (at) => control.pushTags({ repo, tags: { [`tag-${nameOf(at)}`]: 'main' } }),
    remove: () => control.pushTags({ repo, tags: { [`tag-${nameOf(50)}`]: null } }),
  },
  issue_comments: {
    page: /\/issues\/comments\?/,
    create: (at) => control.comment({ repo, number: 1, body: nameOf(at), by: 'ann' }),
    remove: () => control.deleteComment({ repo, number: 1, id: comments()[50]?.id }),
  },
  pull_request_review_comments: {
    page: /\/pulls\/comments\?/,
    create: (at) =>
      lines.push(control.reviewComment({ repo, number: 3, body: nameOf(at), by: 'ann' }).comment.id),
    remove: () => control.deleteReviewComment({ repo, number: 3, id: lines[50] ?? 0 }),
  },
};

afterEach(() => {
  between.alter = null;
});

it.each(Object.entries(lists))(
  '%s lose none to a list that shifts while it is read',
  async (table, { page, create, remove }) => {
    mirror.sandbox.world.silently(() => {
      for (let at = 0; at < MANY; at += 1) create(at);
    });
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    const live = `select count(*)::int as n from ${table} where deleted_at is null`;
    const [before] = await mirror.rows<{ n: number }>(live);

    let shifts = 0;
    between.alter = async ({ request, question }) => {
      if (shifts > 0 || !page.test(`${request} ${question}`)) return;
      shifts += 1;
      await unannounced(remove);
    };
    await mirror.verify();
    expect(shifts).toBe(1);
    // Of those that are left none is missing here or marked, whether or not the deleted one was noticed already.
    const [meanwhile] = await mirror.rows<{ n: number }>(live);
    expect((before?.n ?? 0) - (meanwhile?.n ?? 0)).toBeLessThanOrEqual(1);
    between.alter = null;
    await mirror.verify();
    expect([await mirror.rows(live), await differencesIn(mirror, table)]).toEqual([
      [{ n: (before?.n ?? 0) - 1 }],
      [],
    ]);
  },
);
