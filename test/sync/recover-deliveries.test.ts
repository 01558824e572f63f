import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recoverDeliveries } from '../../src/sync/recover-deliveries.ts';
import { claimLog, releaseLog } from '../../src/db/writes/log-reader.ts';
import { paceOf } from '../../src/sync/follow-delivery-log.ts';
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
const recover = () => recoverDeliveries(mirror.deps, () => undefined, { atMost: 100 });

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

describe('reading the log again and again', () => {
  it('is done by one process at a time, and costs a reading for each interval', async () => {
    const { db } = mirror;
    expect(await claimLog(db, 'first', true)).toBeNull();
    expect(await claimLog(db, 'second', true)).not.toBeNull();
    expect(await claimLog(db, 'a sweep', false)).not.toBeNull();
    expect(await claimLog(db, 'first', false)).toBeNull();
    await releaseLog(db, 'second', 0);
    expect(await claimLog(db, 'second', true)).not.toBeNull();
    await releaseLog(db, 'first', 600_000);
    // Not due for anybody, but free for a sweep, which does not move when it is due.
    expect(await claimLog(db, 'second', true)).toBeGreaterThan(300_000);
    expect(await claimLog(db, 'a sweep', false)).toBeNull();
    await releaseLog(db, 'a sweep', null);
    expect(await claimLog(db, 'second', true)).toBeGreaterThan(300_000);
    await mirror.rows(
      `update system_state set value = value || '{"owner":"dead","until":"2020-01-01","due_at":"2020-01-01"}'
       where name = 'delivery_log_reader'`,
    );
    expect(await claimLog(db, 'second', true)).toBeNull();
  });

  it('stretches so that half of the budget is left until it returns', () => {
    const now = 1_000_000;
    const inAnHour = now + 3_600_000;
    expect(paceOf(10_000, null, now)).toBe(10_000);
    expect(paceOf(10_000, { remaining: 5000, resetsAt: inAnHour }, now)).toBe(10_000);
    expect(paceOf(1000, { remaining: 5000, resetsAt: inAnHour }, now)).toBe(1440);
    expect(paceOf(10_000, { remaining: 200, resetsAt: inAnHour }, now)).toBe(36_000);
    expect(paceOf(10_000, { remaining: 0, resetsAt: inAnHour }, now)).toBe(900_000);
    expect(paceOf(10_000, { remaining: 0, resetsAt: now - 1 }, now)).toBe(10_000);
  });
});
