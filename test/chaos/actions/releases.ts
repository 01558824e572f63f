import type { Repository } from '../../../sandbox/world/types.ts';
import type { Action, Play } from '../play.ts';

function some(play: Play) {
  const { id, releases } = play.repository((one) => one.releases.size > 0);
  const release = play.random.pick([...releases.values()]);
  return { release, at: { repo: id, tag: release.tagName } };
}

const TAGS = 'refs/tags/';

function tagsOf({ refs }: Pick<Repository, 'refs'>): string[] {
  return [...refs.keys()].flatMap((ref) => (ref.startsWith(TAGS) ? ref.slice(TAGS.length) : []));
}

export const releaseActions: Record<string, Action> = {
  annotatedTag: {
    weight: 2,
    run: (play) => {
      const { id, defaultBranch } = play.repository();
      play.control.pushTags({ repo: id, tags: { [play.fresh('v')]: defaultBranch }, message: 'A tag' });
    },
  },
  /** More than three at once are told by no event. */
  manyTags: {
    weight: 1,
    run: (play) => {
      const { id, defaultBranch } = play.repository();
      const names = Array.from({ length: 5 }, () => play.fresh('many'));
      play.control.pushTags({
        repo: id,
        tags: Object.fromEntries(names.map((name) => [name, defaultBranch])),
      });
    },
  },
  moveOrDeleteTag: {
    weight: 2,
    run: (play) => {
      const { id, refs, defaultBranch } = play.repository((one) => tagsOf(one).length > 0);
      const name = play.random.pick(tagsOf({ refs }));
      play.control.pushTags({ repo: id, tags: { [name]: play.random.pick([defaultBranch, null]) } });
    },
  },
  createRelease: {
    weight: 3,
    run: (play) => {
      const [draft, prerelease] = [play.random.chance(0.2), play.random.chance(0.2)];
      play.control.createRelease({ repo: play.repository().id, tag: play.fresh('r'), draft, prerelease });
    },
  },
  publishRelease: {
    weight: 3,
    run: (play) => {
      const { release, at } = some(play);
      play.control.publishRelease({ ...at, undo: !release.draft });
    },
  },
  editRelease: {
    weight: 2,
    unseen: true,
    run: (play) => play.control.editRelease({ ...some(play).at, body: play.fresh('notes') }),
  },
  deleteRelease: { weight: 1, run: (play) => play.control.deleteRelease(some(play).at) },
  uploadAsset: {
    weight: 2,
    unseen: true,
    run: (play) => play.control.uploadAsset({ ...some(play).at, name: play.fresh('asset') }),
  },
  deleteAsset: { weight: 1, unseen: true, run: (play) => play.control.deleteAsset(some(play).at) },
};
