/** The sample organisation that `npm start` shows. */
import { createAccount } from '../resources/accounts/account.ts';
import { push, setBranch, setTag } from '../resources/branches/push.ts';
import { createLabel } from '../resources/labels.ts';
import { install } from '../resources/installations/installation.ts';
import { openPull } from '../resources/pulls/pull.ts';
import { createRepository, forkRepository } from '../resources/repositories/repository.ts';
import { setArchived } from '../resources/repositories/repository-settings.ts';
import type { Account, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { DEFAULT_LABELS } from './phrases.ts';
import { botsOf, teamOf } from './team.ts';
import { growTeamwork } from './teamwork.ts';
import { fromWork, toWork, workHours } from './work-time.ts';

interface Sample {
  name: string;
  language: string | null;
  commits: number;
  issues: number;
  pulls: number;
  private?: boolean;
  topics?: string[];
}

/** Twelve repositories of very different sizes. */
const SAMPLES: Sample[] = [
  { name: 'monolith', language: 'Ruby', commits: 3000, issues: 400, pulls: 60, topics: ['legacy', 'rails'] },
  { name: 'app', language: 'TypeScript', commits: 420, issues: 80, pulls: 30, topics: ['app'] },
  { name: 'api', language: 'Go', commits: 310, issues: 45, pulls: 24, private: true },
  { name: 'docs', language: null, commits: 120, issues: 20, pulls: 12 },
  { name: 'infrastructure', language: 'HCL', commits: 180, issues: 8, pulls: 15, private: true },
  { name: 'design-system', language: 'CSS', commits: 90, issues: 25, pulls: 8 },
  { name: 'mobile', language: 'Swift', commits: 240, issues: 33, pulls: 14 },
  { name: 'data-pipeline', language: 'Python', commits: 150, issues: 12, pulls: 6 },
  { name: 'cli', language: 'Rust', commits: 60, issues: 5, pulls: 3 },
  { name: 'playground', language: 'JavaScript', commits: 7, issues: 0, pulls: 0 },
  { name: 'old-website', language: 'PHP', commits: 40, issues: 3, pulls: 0 },
  { name: 'empty', language: null, commits: 0, issues: 0, pulls: 0 },
];

/** The first of them was created this many seconds ago, each of the others this long after the one before. */
const FOUNDED = 800 * 86_400;
const FOUNDED_APART = 40 * 86_400;

export interface SeedOptions {
  organisation?: string;
  /** Multiplies every size: 0.1 makes a small sample quickly. */
  scale?: number;
}

/**
 * Fills the world without deliveries, and installs the App for all repositories of the organisation. Returns
 * the organisation.
 */
export function seedWorld(world: World, options: SeedOptions = {}): Account {
  return world.silently(() => {
    const scale = options.scale ?? 1;
    const team = teamOf(world);
    const login = options.organisation ?? 'octo-sandbox';
    const organisation = createAccount(world, { login, type: 'Organization', name: 'Octo Sandbox' });
    const by = world.random.pick(team);
    const repositories = SAMPLES.map((sample) => build(world, organisation, sample, scale, by));
    const evening = fromWork(toWork(world.clock.now()) - workHours(0.5));
    world.clock.at(evening, () => spice(world, repositories, team));
    install(world, organisation, 'all', by);
    return organisation;
  });
}

function build(world: World, owner: Account, sample: Sample, scale: number, by: Account): Repository {
  const { name, language, topics = [] } = sample;
  const founded = world.clock.now() - FOUNDED + SAMPLES.indexOf(sample) * FOUNDED_APART;
  const repository = world.clock.at(founded, () =>
    createRepository(
      world,
      owner,
      {
        name,
        language,
        topics,
        private: sample.private ?? false,
        description: `The ${name} of ${owner.login}`,
      },
      by,
    ),
  );
  for (const label of DEFAULT_LABELS) createLabel(world, repository, { ...label, default: true }, null);
  const some = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round(count * scale)));
  const { commits, issues, pulls } = sample;
  const amount = {
    commits: some(commits),
    issues: some(issues),
    pulls: some(pulls),
    releases: pulls > 5,
    forgotten: name === 'app',
  };
  if (commits > 0) growTeamwork(world, repository, amount, by);
  if (commits === 0) repository.pushedAt = null;
  repository.size = sample.commits * 4;
  repository.stargazers = world.random.int(500);
  return repository;
}

/** What real organisations have too: bots, strangers without accounts, forks, an octopus, tags, an archive. */
function spice(world: World, repositories: Repository[], team: Account[]): void {
  const [dependabot] = botsOf(world);
  const find = (name: string) => repositories.find((one) => one.name === name);
  const [app, docs, old, cli] = [find('app'), find('docs'), find('old-website'), find('cli')];
  const by = world.random.pick(team);
  if (!app || !docs || !old || !cli || !dependabot) return;
  for (let at = 0; at < 5; at += 1) {
    push(world, app, { commits: [{ message: `Bump octo-core from 1.${at} to 1.${at + 1}` }] }, dependabot);
  }
  push(
    world,
    docs,
    {
      commits: [
        { message: 'Typos', author: { name: 'A Stranger', email: 'stranger@nowhere.example' } },
        { message: 'More typos', author: { name: 'A Stranger', email: 'stranger@nowhere.example' } },
      ],
    },
    by,
  );
  for (const branch of ['arm-one', 'arm-two', 'arm-three'])
    push(world, cli, { branch, commits: [{}, {}] }, by);
  const arms = ['arm-one', 'arm-two', 'arm-three'].map(
    (branch) => cli.refs.get(`refs/heads/${branch}`)?.sha ?? '',
  );
  const tip = cli.refs.get('refs/heads/main')?.sha ?? '';
  push(world, cli, { commits: [{ message: 'Merge all arms', parents: [tip, ...arms] }] }, by);
  setTag(world, cli, 'v1.0.0', 'main', by);
  setBranch(world, app, 'release', 'main', by);
  const outsider = createAccount(world, {
    login: 'outsider',
    name: 'Out Sider',
    emails: ['out@side.example'],
  });
  const fork = forkRepository(world, app, outsider, outsider);
  push(world, fork, { branch: 'my-idea', commits: [{ message: 'An idea from outside' }] }, outsider);
  openPull(world, app, { head: 'my-idea', from: fork, title: 'An idea from outside' }, outsider);
  setArchived(world, old, true, by);
}
