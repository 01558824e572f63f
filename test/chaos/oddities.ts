import type { Issue, Repository } from '../../sandbox/world/types.ts';
import { branchesOf } from '../../sandbox/resources/branches/branch.ts';
import { visibleComments } from '../../sandbox/resources/reviews/review-visibility.ts';
import { fullName } from '../../sandbox/world/lookup.ts';
import type { Scene, Fault } from './fault-injector.ts';

/** What broke other mirrors in the field. All of it ends by itself, or with the faults at the end of a history. */

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const PASSING = [
  'Maximum number of login attempts exceeded. Please try again later.',
  'Resource not accessible by integration',
  'Although you appear to have the correct authorization credentials, the organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
];

const LISTS = [
  '/branches\\?',
  '/issues\\?',
  '/pulls\\?',
  '/commits\\?',
  '/comments\\?',
  '/labels\\?',
  '/milestones\\?',
  '/releases\\?',
  '/installation/repositories',
  '/graphql',
];

function someRepository({ sandbox, random }: Scene): Repository {
  return random.pick([...sandbox.world.state.repositories.values()]);
}

function someIssue(scene: Scene): { match: string; issue: Issue } {
  const repository = someRepository(scene);
  const issue = scene.random.pick([...repository.issues.values()]);
  const name = fullName(scene.sandbox.world, repository);
  return { match: `/repositories/${repository.id}/|/repos/${name}/`, issue };
}

export const oddities: Record<string, Fault> = {
  passing403: {
    weight: 2,
    kind: 'faults',
    run: ({ sandbox, random }) => {
      const installationId = random.pick([...sandbox.world.state.installations.keys()]);
      const action = { kind: 'status' as const, status: 403, message: random.pick(PASSING) };
      sandbox.control.addFault({ action, installationId, seconds: 0.5 + 2 * random.next() });
    },
  },
  anonymous401: {
    weight: 2,
    kind: 'faults',
    run: ({ sandbox, random }) =>
      sandbox.control.addFault({ action: { kind: 'bad-credentials' }, times: 1 + random.int(3) }),
  },
  emptyOnce: {
    weight: 2,
    kind: 'faults',
    run: ({ sandbox, random }) =>
      sandbox.control.addFault({
        action: { kind: 'empty' },
        match: random.pick(LISTS),
        times: 1 + random.int(2),
      }),
  },
  emptyRepositoryOnce: {
    weight: 1,
    kind: 'faults',
    run: ({ sandbox }) => {
      const action = { kind: 'status' as const, status: 409, message: 'Git Repository is empty.' };
      sandbox.control.addFault({ action, match: '/commits|/git/|/branches', times: 1 });
    },
  },
  brokenElement: {
    weight: 2,
    kind: 'faults',
    run: (scene) => {
      const { match, issue } = someIssue(scene);
      const action = { kind: 'broken-element' as const, where: { number: issue.number } };
      scene.sandbox.control.addFault({ action, match, seconds: 1 + 4 * scene.random.next() });
    },
  },
  oddElement: {
    weight: 2,
    kind: 'faults',
    run: (scene) => {
      const { match, issue } = someIssue(scene);
      const odd = scene.random.pick([{ set: { title: null } }, { set: { state: null } }, { omit: ['id'] }]);
      const action = { kind: 'odd-element' as const, where: { number: issue.number }, ...odd };
      scene.sandbox.control.addFault({ action, match, seconds: 1 + 4 * scene.random.next() });
    },
  },
  /** A comment, a label, a milestone or a release that cannot be read for a while. */
  oddFurther: {
    weight: 3,
    kind: 'faults',
    run: (scene) => {
      const { issues, labels, milestones, releases } = someRepository(scene);
      const conversations = [...issues.values()];
      const { match, ids } = scene.random.pick([
        {
          match: '/issues/(\\d+/)?comments',
          ids: conversations.flatMap((one) => one.comments.map(({ id }) => id)),
        },
        {
          match: '/pulls/(\\d+/)?comments',
          ids: conversations.flatMap((one) =>
            one.pull ? visibleComments(one.pull).map(({ id }) => id) : [],
          ),
        },
        { match: '/labels', ids: [...labels.values()].map(({ id }) => id) },
        { match: '/milestones', ids: [...milestones.values()].map(({ id }) => id) },
        { match: '/releases', ids: [...releases.keys()] },
      ]);
      const where = { id: scene.random.pick(ids) };
      const odd = scene.random.pick([
        { kind: 'odd-element' as const, where, set: { created_at: 'soon' } },
        { kind: 'odd-element' as const, where, omit: ['id'] },
        { kind: 'broken-element' as const, where },
      ]);
      scene.sandbox.control.addFault({ action: odd, match, seconds: 1 + 4 * scene.random.next() });
    },
  },
  oddRepository: {
    weight: 2,
    kind: 'faults',
    run: (scene) => {
      const { id } = someRepository(scene);
      const odd = scene.random.pick([
        { set: { full_name: null } },
        { set: { owner: null } },
        { omit: ['node_id'] },
      ]);
      scene.sandbox.control.addFault({
        action: { kind: 'odd-element', where: { id }, ...odd },
        match: '/installation/repositories',
        seconds: 1 + 4 * scene.random.next(),
      });
    },
  },
  lateCounts: {
    weight: 2,
    kind: 'faults',
    run: async ({ sandbox }) => {
      sandbox.control.faultSettings({ commentLagSeconds: 1 });
      await pause(3000);
      sandbox.control.faultSettings({ commentLagSeconds: 0 });
    },
  },
  vanish: {
    weight: 1,
    kind: 'faults',
    run: ({ sandbox, random }) =>
      sandbox.control.addFault({
        action: { kind: random.pick(['hang', 'reset'] as const) },
        seconds: 0.5 + 2 * random.next(),
      }),
  },
  /** While a list is read it shrinks. */
  shrinkingList: {
    weight: 3,
    kind: 'faults',
    run: (scene) => {
      const { sandbox, random } = scene;
      const repository = someRepository(scene);
      const branches = branchesOf(repository).filter(({ name }) => name !== repository.defaultBranch);
      if (random.chance(0.5)) {
        const input = { repo: repository.id, branch: random.pick(branches).name };
        sandbox.control.addTrigger({ match: '/branches\\?', action: 'deleteBranch', input });
        return;
      }
      const commented = [...repository.issues.values()].filter(({ comments }) => comments.length > 0);
      if (random.chance(0.4)) {
        const input = { repo: repository.id, number: random.pick(commented).number };
        sandbox.control.addTrigger({ match: '/comments\\?', action: 'deleteComment', input });
        return;
      }
      const issues = [...repository.issues.values()].filter(({ pull }) => pull === null);
      const input = { repo: repository.id, number: random.pick(issues).number };
      sandbox.control.addTrigger({ match: '/issues\\?', action: 'deleteIssue', input });
    },
  },
  otherName: {
    weight: 1,
    kind: 'faults',
    run: async ({ sandbox }) => {
      sandbox.control.nameServer({ api: 'http://github.acme.internal' });
      await pause(2500);
      sandbox.control.nameServer({ api: null });
    },
  },
  noAccount: {
    weight: 1,
    kind: 'faults',
    run: async ({ sandbox, random }) => {
      const id = random.pick([...sandbox.world.state.installations.keys()]);
      sandbox.control.showInstallationAccount({ id, as: random.pick(['null', 'enterprise'] as const) });
      await pause(2500);
      if (!sandbox.world.state.installations.has(id)) return;
      sandbox.control.showInstallationAccount({ id, as: 'account' });
    },
  },
  /** A body under an event name that is not its own. */
  replayElsewhere: {
    weight: 2,
    kind: 'deliveries',
    run: ({ sandbox, random }) => {
      const { id } = random.pick(sandbox.world.state.deliveries);
      const event = random.pick(['push', 'issues', 'repository', 'installation', 'pull_request', 'nonsense']);
      const headers = { 'x-github-event': event, 'x-github-delivery': `replayed-${random.hex(12)}` };
      sandbox.control.replayDelivery({ id, headers });
    },
  },
  loseAHundred: {
    weight: 0.5,
    kind: 'deliveries',
    run: ({ sandbox, random }) => {
      const { id } = random.pick(sandbox.world.state.deliveries);
      sandbox.control.growLostDeliveries({ count: 100, id });
    },
  },
};
