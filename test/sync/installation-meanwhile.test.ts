import { beforeEach, describe, expect, it } from '@jest/globals';
import { listInstallations } from '../../src/sync/installation/list-installations.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const { mirror, control, between } = useMirrorBetweenEach();
const installations = /^GET \/app\/installations\?/;
const repositories = /installation\/repositories/;

let id: number;
beforeEach(() => {
  id = mirror.installationId;
});

/** What a sweep does first. */
const listing = () => listInstallations(mirror.deps, mirror.jobId);

/** Lets something happen, and be applied, while the first answer to such a request is on its way. */
async function whileItTravels(
  request: RegExp,
  happen: () => unknown,
  asking: () => Promise<unknown>,
): Promise<void> {
  let happened = false;
  between.alter = async (answer) => {
    if (!request.test(answer.request)) return;
    between.alter = null;
    happened = true;
    happen();
    await control.deliveriesDone({});
    await mirror.work();
  };
  await asking();
  expect(happened).toBe(true);
}

describe('an answer from before', () => {
  it('does not bring back an installation that was uninstalled meanwhile', async () => {
    await whileItTravels(installations, () => control.uninstall({ id }), listing);
    expect(
      await mirror.rows(`select deleted_at is not null as deleted, removed_reason
        from installations i join repositories on installation_id = i.id`),
    ).toEqual([{ deleted: true, removed_reason: 'uninstalled' }]);
  });

  it('does not end a suspension that began meanwhile', async () => {
    await whileItTravels(installations, () => control.suspend({ id }), listing);
    expect(
      await mirror.rows(`select suspended_at is not null as suspended, sync_status
        from installations i join repositories on installation_id = i.id`),
    ).toEqual([{ suspended: true, sync_status: 'paused' }]);
  });

  it('adds no repository to an installation that was uninstalled meanwhile', async () => {
    const { id: lost } = control.addDeliveryFault({ kind: 'lose' });
    control.createRepository({ owner: 'acme', name: 'new' });
    control.removeDeliveryFault({ id: lost });
    // What the sweep does next meets the change.
    const sweeping = () => mirror.sweep().catch(() => undefined);
    await whileItTravels(repositories, () => control.uninstall({ id }), sweeping);
    expect(await mirror.rows(`select full_name from repositories where removed_at is null`)).toEqual([]);
  });
});

it('removes live repositories of an uninstalled installation in the next sweep', async () => {
  control.uninstall({ id });
  await control.deliveriesDone({});
  await mirror.work();
  await mirror.rows(`update repositories set removed_at = null, removed_reason = null`);
  await listing();
  expect(await mirror.rows(`select removed_reason from repositories`)).toEqual([
    { removed_reason: 'uninstalled' },
  ]);
});
