/** A release every few weeks, each with its milestone. */
import { createMilestone, type Milestone, setMilestoneState } from '../resources/milestones/milestone.ts';
import { createRelease, draftRelease, uploadAsset } from '../resources/releases/release.ts';
import { defaultHead } from '../resources/branches/branch.ts';
import { setTag } from '../resources/branches/push.ts';
import type { Account, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Schedule } from './schedule.ts';
import { fromWork, workWeeks } from './work-time.ts';

/** Plans the releases between two times of work, and returns the milestones that there are from the beginning. */
export function planReleases(
  world: World,
  repository: Repository,
  schedule: Schedule,
  span: { from: number; to: number },
  by: Account,
): Milestone[] {
  const { random } = world;
  const made: Milestone[] = [];
  let minor = 1;
  for (let time = span.from; time < span.to + workWeeks(6); time += workWeeks(3) + random.int(workWeeks(2))) {
    const version = `0.${minor++}.0`;
    const dueOn = fromWork(time);
    const title = `Version ${version}`;
    const milestone = world.clock.at(fromWork(span.from), () =>
      createMilestone(world, repository, { title, dueOn, description: `What ${version} needs.` }, by),
    );
    made.push(milestone);
    const assets = 1 + random.int(2);
    schedule.plan(time, () => release(world, repository, version, assets, by));
    schedule.plan(time, () => setMilestoneState(world, repository, milestone, 'closed', by));
  }
  schedule.plan(span.to - workWeeks(0.2), () => {
    if (defaultHead(repository) === null) return;
    const next = `0.${minor}.0`;
    createRelease(world, repository, { tagName: `v${next}-rc.1`, prerelease: true }, by);
    draftRelease(world, repository, { tagName: `v${next}`, body: 'To be written.' }, by);
  });
  return made;
}

function release(world: World, repository: Repository, version: string, assets: number, by: Account): void {
  if (defaultHead(repository) === null) return;
  const tagName = `v${version}`;
  setTag(world, repository, tagName, repository.defaultBranch, by, `Version ${version}`);
  const body = `Everything that was merged before ${version}.`;
  const made = createRelease(world, repository, { tagName, name: `Version ${version}`, body }, by);
  for (let at = 0; at < assets; at += 1) {
    const name = at === 0 ? 'checksums.txt' : `${repository.name}-${version}.tar.gz`;
    uploadAsset(world, repository, made, { name, size: 1000 + world.random.int(40_000_000) }, by);
  }
}
