import { beforeEach, describe, expect, it } from '@jest/globals';
import { recoverDeliveries } from '../../src/sync/delivery-log/recover-deliveries.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror, control } = useMirror({ imported: false });
const HOUR_MS = 3_600_000;
const ROUTE = 'GET /app/hook/deliveries/:delivery_id';

/** Edits whose deliveries never arrive: so many of each of two repositories, all of them this long ago. */
async function lose(count: number, agoMs: number): Promise<void> {
  const { id } = control.addDeliveryFault({ kind: 'drop' });
  for (let n = 0; n < count; n += 1) {
    control.editIssue({ repo: 'acme/app', number: 1, title: `title ${n}` });
    control.editIssue({ repo: 'acme/other', number: 1, title: `title ${n}` });
  }
  await control.deliveriesDone({});
  control.removeDeliveryFault({ id });
  mirror.sandbox.world.state.deliveries.forEach((delivery) => (delivery.deliveredAt -= agoMs));
}

async function recover(): Promise<number> {
  control.resetStats({});
  let recovered = 0;
  for (let more = true; more;) {
    const part = await recoverDeliveries(mirror.deps, () => undefined, { atMost: 100 });
    recovered += part.recovered;
    more = part.more;
  }
  return recovered;
}

beforeEach(() => {
  mirror.sandbox.world.silently(() => {
    control.createRepository({ owner: 'acme', name: 'other' });
    control.openIssue({ repo: 'acme/other', title: 'first' });
  });
});

describe('the first reading of the delivery log', () => {
  it('recovers one delivery of each repository, and none that is older than the import', async () => {
    await lose(120, 2 * HOUR_MS);
    expect(await recover()).toBe(2);
    expect(control.stats().byRoute[ROUTE]).toBe(2);
    await mirror.work();
    expect(await recover()).toBe(0);
    // What was lost since is recovered, also of before the first reading's mark.
    await lose(3, HOUR_MS / 60);
    expect(await recover()).toBe(6);
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('recovers one delivery of an installation, and none that changes nothing', async () => {
    const { id } = control.addDeliveryFault({ kind: 'drop' });
    const permissions = { metadata: 'read', contents: 'read', issues: 'read', pull_requests: 'read' };
    for (let n = 0; n < 5; n += 1) {
      control.changePermissions({ id: mirror.installationId, permissions });
      control.sendDelivery({
        event: 'star',
        payload: { action: 'created', installation: { id: mirror.installationId } },
      });
    }
    await lose(0, 2 * HOUR_MS);
    control.removeDeliveryFault({ id });
    expect(await recover()).toBe(1);
    const [found] = await mirror.rows('select event, status from webhook_deliveries');
    expect(found).toEqual({ event: 'installation', status: 'pending' });
  });

  it('recovers every delivery once something is imported', async () => {
    await mirror.sweep({ log: false });
    await lose(20, 2 * HOUR_MS);
    expect(await recover()).toBe(40);
  });

  it('recovers every delivery where a wrong clock dated the first reading', async () => {
    await recover();
    await mirror.rows(`update system_state set value = value || '{"empty_at":"2106-01-01T00:00:00Z"}'
      where name = 'delivery_log'`);
    await lose(20, 60_000);
    expect(await recover()).toBe(40);
  });
});
