import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { workedEvents } from '../../src/deliveries/events.ts';
import { planDeliveries } from '../../src/sync/deliveries/plan-deliveries.ts';
import { examples } from '../support/examples.ts';

const payloadsOf = (event: string) =>
  examples.filter(({ name }) => name === event).map(({ payload }) => payload);

function delivery(event: string, payload: Record<string, unknown>, guid = 'g') {
  const action = typeof payload['action'] === 'string' ? payload['action'] : null;
  return {
    guid,
    event,
    action,
    installation_id: 1,
    repository_id: 1,
    received_at: '2026-01-01T00:00:00.000Z',
    waited_ms: 0,
    payload,
  };
}

const repositoryEvents = workedEvents.filter((event) => !/^(installation|organization)/.test(event));

describe('planDeliveries', () => {
  it.each(repositoryEvents)('reads every published example of %s', (event) => {
    const payloads = payloadsOf(event);
    const plan = planDeliveries(payloads.map((payload, index) => delivery(event, payload, String(index))));
    expect(payloads.length).toBeGreaterThan(0);
    expect(plan.unreadable).toEqual([]);
    expect(plan.ignored).toEqual([]);
  });

  it('reads the issue of a comment as shown, except its count, and requests it from GitHub', () => {
    const payload = payloadsOf('issue_comment').find(
      (one) => !Object.hasOwn(Object(one['issue']), 'pull_request'),
    );
    const issue = planDeliveries([delivery('issue_comment', payload ?? {})]).counted.issues;
    expect(issue.shown).toMatchObject([{ guid: 'g', approximate: true }]);
    expect(issue.refetch.size).toBe(1);
  });

  it.each([
    ['an issue', undefined, [[7], []]],
    ['a pull request', { url: 'https://api.github.com/repos/acme/app/pulls/7' }, [[], [7]]],
  ])('requests a comment with a doubtful payload: %s', (_what, pull_request, asked) => {
    const [example = {}] = payloadsOf('issue_comment');
    const issue = { ...Object(example['issue']), number: 7, labels: null, pull_request };
    const { counted, waiting } = planDeliveries([delivery('issue_comment', { ...example, issue })]);
    const { issues, pull_requests: pullRequests } = counted;
    expect([[...issues.refetch.keys()], [...pullRequests.refetch.keys()]]).toEqual(asked);
    expect([...waiting]).toEqual(['g']);
  });

  it('says why a payload without its subject cannot be read', () => {
    const subjects = ['issue', 'pull_request', 'ref', 'label', 'action'];
    // A repository's own event asks GitHub, whatever it shows.
    const events = repositoryEvents.filter((event) => event !== 'repository');
    const object = fc.dictionary(
      fc.string().filter((key) => !subjects.includes(key)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...events), object, (event, payload) => {
        const { unreadable, ignored } = planDeliveries([delivery(event, payload)]);
        expect(unreadable).toEqual([{ guid: 'g', error: expect.stringMatching(/^.{10,500}$/s) }]);
        expect(ignored).toEqual([]);
      }),
    );
  });

  it('rejects a payload with a name that could not be requested from GitHub', () => {
    for (const event of ['push', 'create', 'delete']) {
      const [example = {}] = payloadsOf(event);
      const { unreadable } = planDeliveries([delivery(event, { ...example, ref: 'b'.repeat(100_000) })]);
      expect(unreadable).toEqual([{ guid: 'g', error: expect.stringMatching(/^.{10,500}$/s) }]);
    }
  });

  it.each([
    ['issues', 'issue'],
    ['pull_request', 'pull_request'],
    ['repository', 'repository'],
    ['push', 'repository'],
  ])(
    'requests what a payload of %s shows with a future time, which nothing later would exceed',
    (event, subject) => {
      const [example = {}] = payloadsOf(event);
      const { counted, repositories, waiting } = planDeliveries([
        delivery(event, {
          ...example,
          [subject]: Object.assign({}, example[subject], { updated_at: '9999-12-31T23:59:59Z' }),
        }),
      ]);
      const shown = [...counted.issues.shown, ...counted.pull_requests.shown, ...repositories];
      expect(shown.filter(({ row }) => row.updated_at.startsWith('9999'))).toEqual([]);
      expect([...waiting]).toEqual(['g']);
    },
  );

  it('ignores what it does not know', () => {
    expect(planDeliveries([delivery('marketplace_purchase', {})])).toMatchObject({
      ignored: ['g'],
      unreadable: [],
    });
  });

  it('never throws for an example with one value replaced', () => {
    const places = repositoryEvents.flatMap((name) =>
      payloadsOf(name)
        .slice(0, 3)
        .map((payload) => ({ name, payload })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.nat(), fc.jsonValue(), ({ name, payload }, where, value) => {
        const copy = structuredClone(payload);
        const slots = slotsOf(copy);
        slots[where % slots.length]?.(value);
        const plan = planDeliveries([delivery(name, copy)]);
        expect(plan.unreadable.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });

  // Nothing tells these apart: the first leads to a request, the others show the repository alone.
  const alike: Readonly<Record<string, readonly string[]>> = {
    create: ['delete'],
    repository: ['public', 'repository_import', 'watch'],
  };

  it.each(repositoryEvents)(
    "rejects the body of another event for %s, because the event's name is not signed",
    (event) => {
      const foreign = examples.filter(({ name }) => name !== event);
      const plan = planDeliveries(
        foreign.map(({ payload }, index) => delivery(event, payload, String(index))),
      );
      const rejected = new Set(plan.unreadable.map(({ guid }) => guid));
      const accepted = foreign.filter((_one, index) => !rejected.has(String(index)));
      expect([...new Set(accepted.map(({ name }) => name))].toSorted()).toEqual(alike[event] ?? []);
      const { issues, pull_requests: pullRequests } = plan.counted;
      expect([...issues.shown, ...issues.deleted, ...pullRequests.shown, ...plan.refs]).toEqual([]);
      expect([...plan.formerLabels]).toEqual([]);
    },
  );

  it.each([
    ['issues', 'issue', { labels: null }],
    ['issues', 'issue', { state: 'closed', closed_at: null }],
    ['pull_request', 'pull_request', { merge_commit_sha: 'odd' }],
    ['pull_request', 'pull_request', { title: '' }],
    ['repository', 'repository', { archived: null }],
    ['push', 'repository', { default_branch: '' }],
  ])('trusts nothing in a payload of %s whose %s is not one that GitHub sends: %j', (event, subject, odd) => {
    const [example = {}] = payloadsOf(event);
    const plan = planDeliveries([
      delivery(event, { ...example, [subject]: Object.assign({}, example[subject], odd) }),
    ]);
    const { issues, pull_requests: pullRequests } = plan.counted;
    const believed = subject === 'repository' ? plan.repositories : [...issues.shown, ...pullRequests.shown];
    expect(believed).toEqual([]);
    expect([...plan.waiting]).toEqual(['g']);
    expect(plan.unreadable).toEqual([]);
  });

  it.each([{ after: '' }, { before: 'odd' }, { deleted: true }])(
    'requests a branch if its push contains what GitHub never sends: %j',
    (odd) => {
      const [example = {}] = payloadsOf('push').filter(({ deleted }) => deleted === false);
      const { refs, waiting } = planDeliveries([
        delivery('push', { ...example, ref: 'refs/heads/main', ...odd }),
      ]);
      expect(refs).toEqual([{ branch: 'main', tag: null, before: null, after: undefined, guid: 'g' }]);
      expect([...waiting]).toEqual(['g']);
    },
  );

  it('plans all deliveries beside an unreadable one', () => {
    const [before, after] = ['a'.repeat(40), 'b'.repeat(40)];
    const push = { ref: 'refs/heads/main', before, after, repository: {} };
    const plan = planDeliveries([delivery('issues', {}, 'bad'), delivery('push', push, 'good')]);
    expect(plan.unreadable).toMatchObject([{ guid: 'bad' }]);
    expect(plan.refs).toEqual([{ branch: 'main', tag: null, before, after, guid: 'good' }]);
  });
});

/** A setter for every value inside. */
function slotsOf(holder: unknown): ((replacement: unknown) => void)[] {
  if (typeof holder !== 'object' || holder === null) return [];
  return Object.entries(holder).flatMap(([key, value]: [string, unknown]) => [
    (replacement: unknown) => void Reflect.set(holder, key, replacement),
    ...slotsOf(value),
  ]);
}
