import { expect, it } from '@jest/globals';
import { differencesIn } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror, control, unannounced } = useMirror();

it('the hourly query is sent although the last one was recorded at a time to come', async () => {
  await mirror.sweep();
  // By a clock that was a year ahead, and is right again.
  await mirror.rows(`update repository_sync set wide_latest = jsonb_set(wide_latest, '{asked_at}',
    to_jsonb(now() + interval '1 year'))`);
  await unannounced(() => control.createLabel({ repo: 'acme/app', name: 'new' }));
  await mirror.sweep();
  expect(await differencesIn(mirror, 'labels')).toEqual([]);
});
