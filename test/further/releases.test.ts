import { beforeAll, describe, expect, it } from '@jest/globals';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesIn } from '../support/mirror-differences.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetween();

describe('releases', () => {
  it.each(deliveryModes)('are live as long as GitHub shows them to readers, %s', async (way) => {
    const tag = `v-${way.replace(' ', '-')}`;
    control.createRelease({ repo, tag, draft: true });
    control.uploadAsset({ repo, tag, name: 'manual.pdf' });
    await mirror.work();
    expect(await mirror.rows(`select 1 from releases where tag_name = '${tag}'`)).toEqual([]);
    control.publishRelease({ repo, tag });
    await mirror.work();
    expect(await differencesIn(mirror, 'release_assets')).toEqual([]);
    await applyAndCompare(mirror, way, () => control.publishRelease({ repo, tag, undo: true }));
    if (way === 'lost') await comeHourly(mirror);
    await mirror.sweep();
    const live = `select tag_name from releases where tag_name = '${tag}' and deleted_at is null`;
    expect(await mirror.rows(live)).toEqual([]);
    for (const table of ['releases', 'release_assets'])
      expect(await differencesIn(mirror, table)).toEqual([]);
    control.publishRelease({ repo, tag });
    await mirror.work();
    for (const table of ['releases', 'release_assets'])
      expect(await differencesIn(mirror, table)).toEqual([]);
  });
});

it('finds unannounced changes of the latest release at the next sweep', async () => {
  const tag = 'v-newest';
  const steps = [
    () => control.createRelease({ repo, tag }),
    () => control.editRelease({ repo, tag, body: 'corrected' }),
    () => control.publishRelease({ repo, tag, undo: true }),
  ];
  await mirror.sweep();
  for (const step of steps) {
    await unannounced(step);
    expect(await differencesIn(mirror, 'releases')).not.toEqual([]);
    const before = between.requests.length;
    await mirror.sweep();
    const requests = between.requests.slice(before);
    expect(await differencesIn(mirror, 'releases')).toEqual([]);
    expect(requests.filter((request) => /\/releases/.test(request)).length).toBeLessThanOrEqual(2);
  }
});

describe('release assets', () => {
  const tag = 'v-assets';

  beforeAll(async () => {
    control.createRelease({ repo, tag });
    for (const name of ['kept.zip', 'gone.zip']) control.uploadAsset({ repo, tag, name });
    control.editRelease({ repo, tag, body: 'with assets' });
    await mirror.work();
  });

  it('follow deliveries about their release', async () => {
    expect(await differencesIn(mirror, 'release_assets')).toEqual([]);
    control.deleteAsset({ repo, tag, name: 'gone.zip' });
    control.uploadAsset({ repo, tag, name: 'new.zip', size: 3_000_000_000 });
    control.editRelease({ repo, tag, body: 'with others' });
    await mirror.work();
    expect(await differencesIn(mirror, 'release_assets')).toEqual([]);
  });

  it('are added, marked and repaired in every column by the full comparison', async () => {
    control.uploadAsset({ repo, tag, name: 'silent.zip' });
    control.deleteAsset({ repo, tag, name: 'kept.zip' });
    await mirror.rows(`update release_assets set name = 'x', label = 'x', content_type = 'x', size = 1, state = 'x',
      uploader_login = 'x', created_at = '2001-01-01', updated_at = '2001-01-01', release_id = 1 where name = 'new.zip'`);
    // Of a release that is none, so that no list shows it.
    await mirror.rows(`update release_assets set deleted_at = null, release_id = 1 where name = 'gone.zip'`);
    await mirror.verify();
    expect(await differencesIn(mirror, 'release_assets')).toEqual([]);
    expect(await mirror.verify()).toBe(0);
  });

  it('are right beside an unreadable one, and so is their release', async () => {
    between.alter = (answer) => {
      if (/releases[?/]/.test(answer.request))
        answer.body = answer.body.replaceAll(/"name": ?"silent.zip"/g, '"name":7');
    };
    control.uploadAsset({ repo, tag, name: 'beside.zip' });
    control.editRelease({ repo, tag, body: 'with an odd one' });
    await mirror.verify();
    expect(await differencesIn(mirror, 'release_assets')).toEqual([]);
    expect(
      await mirror.rows('select sync_error from repositories where sync_error is not null'),
    ).toHaveLength(1);
    between.alter = null;
    await mirror.verify();
    expect(await mirror.rows('select sync_error from repositories where sync_error is not null')).toEqual([]);
  });
});
