import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recoverDeliveries } from '../../src/sync/recover-deliveries.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';

const repo = 'acme/app';
let mirror: Mirror;
let control: Mirror['control'];

beforeEach(async () => {
  mirror = await startMirror();
  ({ control } = mirror);
});
afterEach(() => mirror.close());

/** One call, which ends after the page with its hundredth lost delivery. */
const recover = () => recoverDeliveries(mirror.deps, () => undefined, 100);

/** So many edits whose deliveries never arrive. */
async function lose(count: number): Promise<void> {
  const { id } = control.addDeliveryFault({ kind: 'drop' });
  for (let n = 0; n < count; n += 1) control.editIssue({ repo, number: 1, title: `title ${n}` });
  await control.deliveriesDone({});
  control.removeDeliveryFault({ id });
}

async function received(): Promise<number> {
  return (await mirror.rows('select 1 from webhook_deliveries')).length;
}

describe('the delivery log', () => {
  it('is read to its end however many were lost, by as many calls as that takes', async () => {
    await lose(250);
    // Two hours ago, so that nothing of it is read again as recent.
    mirror.sandbox.world.state.deliveries.forEach((delivery) => (delivery.deliveredAt -= 7_200_000));
    expect(await recover()).toEqual({ recovered: 100, more: true });
    await lose(20);
    expect(await recover()).toEqual({ recovered: 100, more: true });
    expect(await recover()).toEqual({ recovered: 50, more: false });
    expect(await recover()).toEqual({ recovered: 20, more: false });
    expect(await received()).toBe(270);
    control.resetStats({});
    expect(await recover()).toEqual({ recovered: 0, more: false });
    expect(control.stats().byRoute['GET /app/hook/deliveries']).toBeLessThan(3);
  });

  it('goes on after a failure where it was, and past a delivery that it cannot show', async () => {
    await lose(130);
    const [odd] = mirror.sandbox.world.state.deliveries;
    const { id } = control.addFault({
      action: { kind: 'status', status: 500 },
      match: `/deliveries/${odd?.id}$`,
    });
    expect(await recover()).toEqual({ recovered: 100, more: true });
    expect(await recover()).toEqual({ recovered: 29, more: false });
    expect(await received()).toBe(129);
    control.removeFault({ id });
    expect(await recover()).toEqual({ recovered: 1, more: false });
    await lose(150);
    // Not the first page but the second never comes.
    const broken = control.addFault({ action: { kind: 'status', status: 500 }, match: 'deliveries.*cursor' });
    expect(await recover()).toMatchObject({ recovered: 100 });
    await recover();
    control.removeFault({ id: broken.id });
    await recover();
    expect(await received()).toBe(280);
  });
});
