import { describe, expect, it } from '@jest/globals';
import { recoverDeliveries } from '../../src/sync/delivery-log/recover-deliveries.ts';
import { claimLog, readLogState, releaseLog } from '../../src/db/system-state/log-reader.ts';
import { paceOf } from '../../src/sync/delivery-log/follow-delivery-log.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();

/** One call, which ends after the page with its hundredth lost delivery. */
const recover = () => recoverDeliveries(mirror.deps, () => undefined, { atMost: 100 });

/** So many edits whose deliveries never arrive. */
async function lose(count: number): Promise<void> {
  const { id } = control.addDeliveryFault({ kind: 'drop' });
  for (let n = 0; n < count; n += 1) control.editIssue({ repo, number: 1, title: `title ${n}` });
  await control.deliveriesDone({});
  control.removeDeliveryFault({ id });
}

/** The log shows another date of a delivery. */
function setDate(guid: string, date: string | null): void {
  const action = { kind: 'odd-element', where: { guid }, set: { delivered_at: date } } as const;
  control.addFault({ action, match: '/deliveries' });
}

async function received(): Promise<number> {
  return (await mirror.rows('select 1 from webhook_deliveries')).length;
}

const unread = expect.objectContaining({ code: 'GITHUB_BAD_ANSWER' });

/** As if all that was tried in vain had been tried long ago. */
async function hoursPass(): Promise<void> {
  await mirror.rows(`update system_state
    set value = regexp_replace(value::text, '"tried_at": "[^"]*"', '"tried_at": "2020-01-01T00:00:00Z"', 'g')::jsonb
    where name = 'delivery_log'`);
}

describe('the delivery log', () => {
  it('is read to its end, in as many calls as the lost deliveries take', async () => {
    await lose(250);
    // Two hours ago, so that nothing of it is read again as recent.
    mirror.sandbox.world.state.deliveries.forEach((delivery) => (delivery.deliveredAt -= 7_200_000));
    expect(await recover()).toEqual({ recovered: 100, more: true, error: null });
    await lose(20);
    expect(await recover()).toEqual({ recovered: 100, more: true, error: null });
    expect(await recover()).toEqual({ recovered: 50, more: false, error: null });
    expect(await recover()).toEqual({ recovered: 20, more: false, error: null });
    expect(await received()).toBe(270);
    control.resetStats({});
    expect(await recover()).toEqual({ recovered: 0, more: false, error: null });
    expect(control.stats().byRoute['GET /app/hook/deliveries']).toBeLessThan(3);
  });

  it('is not called read to its end behind a proxy that passes on no Link headers', async () => {
    await lose(130);
    const { id } = control.addFault({ action: { kind: 'omit-headers', names: ['link'] } });
    expect(await recover()).toMatchObject({ recovered: 100, more: false, error: unread });
    control.removeFault({ id });
    await hoursPass();
    expect(await recover()).toEqual({ recovered: 30, more: false, error: null });
  });

  it('of exactly a page is read to its end', async () => {
    await lose(100);
    expect(await recover()).toEqual({ recovered: 100, more: false, error: null });
  });

  it('is resumed after a failure, past a delivery that it cannot show', async () => {
    await lose(130);
    const [odd] = mirror.sandbox.world.state.deliveries;
    const { id } = control.addFault({
      action: { kind: 'status', status: 500 },
      match: `/deliveries/${odd?.id}$`,
    });
    expect(await recover()).toMatchObject({ recovered: 100, more: true });
    expect(await recover()).toMatchObject({ recovered: 29, more: false, error: unread });
    expect(await received()).toBe(129);
    // However long it takes, at a pace that becomes slower.
    const route = 'GET /app/hook/deliveries/:delivery_id';
    control.resetStats({});
    for (let call = 0; call < 10; call += 1) await recover();
    expect(control.stats().byRoute[route]).toBeGreaterThan(0);
    expect(control.stats().byRoute[route]).toBeLessThan(10);
    control.removeFault({ id });
    await hoursPass();
    expect(await recover()).toEqual({ recovered: 1, more: false, error: null });
    await lose(150);
    // Not the first page but the second never comes.
    const broken = control.addFault({ action: { kind: 'status', status: 500 }, match: 'deliveries.*cursor' });
    expect(await recover()).toMatchObject({ recovered: 100 });
    await recover();
    control.removeFault({ id: broken.id });
    await hoursPass();
    await recover();
    expect(await received()).toBe(280);
  });

  it.each([{ kind: 'odd-element', set: { guid: null } }, { kind: 'broken-element' }] as const)(
    'is read again for an unreadable entry, however late it becomes readable: %j',
    async (action) => {
      await lose(30);
      const odd = mirror.sandbox.world.state.deliveries[12];
      control.addFault({ action: { ...action, where: { guid: odd?.guid ?? '' } }, match: '/deliveries' });
      expect(await recover()).toMatchObject({ more: false, error: unread });
      const before = await received();
      expect(before).toBeGreaterThan(action.kind === 'odd-element' ? 28 : 10);
      // Meanwhile the log continues, and is read.
      for (let sweep = 0; sweep < 5; sweep += 1) await recover();
      mirror.sandbox.world.state.deliveries.forEach((delivery) => (delivery.deliveredAt -= 7200));
      await lose(3);
      expect(await recover()).toMatchObject({ recovered: 3, error: unread });
      control.clearFaults({});
      await hoursPass();
      expect(await recover()).toEqual({ recovered: 30 - before, more: false, error: null });
      expect(await received()).toBe(33);
    },
  );

  it('is read past deliveries that GitHub does not show, for any reason', async () => {
    await lose(120);
    const { deliveries } = mirror.sandbox.world.state;
    [400, 403, 404, 409, 410, 451, 401].forEach((status, place) =>
      control.addFault({
        action: { kind: 'status', status },
        match: `/deliveries/${deliveries[2 * place]?.id}$`,
      }),
    );
    // Sent again by hand, in vain: the older attempt of it is the one that is answered with 404.
    const gone = deliveries[4];
    const [, newest] = deliveries;
    if (gone && newest) deliveries.push({ ...gone, id: `${newest.id.slice(0, -1)}1` });
    const action = { kind: 'odd-element', set: { delivered_at: '1970-01-01T00:00:00Z' } } as const;
    control.addFault({
      action: { ...action, where: { guid: deliveries[60]?.guid ?? '' } },
      match: '/deliveries',
    });
    while ((await recover()).more);
    expect(await received()).toBe(114);
    await lose(1);
    expect(await recover()).toMatchObject({ recovered: 1, more: false, error: unread });
  });

  it.each([
    { title: 'two of long ago', odd: 2, date: '1970-01-01T00:00:00Z' },
    { title: 'many of long ago', odd: 45, date: '1970-01-01T00:00:00Z' },
    { title: 'many still to come', odd: 45, date: '2106-01-01T00:00:00Z' },
    { title: 'many without one', odd: 100, date: null },
  ])('is read to its end in spite of odd dates: $title', async ({ odd, date }) => {
    await lose(250);
    for (const { guid } of mirror.sandbox.world.state.deliveries.slice(-odd)) setDate(guid, date);
    while ((await recover()).more);
    expect(await received()).toBe(250);
  });

  it.each(['2106-01-01T00:00:00Z', null])(
    'is read no further than before in spite of odd dates: %s',
    async (date) => {
      await lose(350);
      mirror.sandbox.world.state.deliveries.forEach((delivery) => (delivery.deliveredAt -= 7_200_000));
      while ((await recover()).more);
      for (const { guid } of mirror.sandbox.world.state.deliveries.slice(-145).slice(0, 90))
        setDate(guid, date);
      control.resetStats({});
      await recover();
      expect(control.stats().byRoute['GET /app/hook/deliveries']).toBe(1);
    },
  );

  it('is read whole where it was last read in a time to come', async () => {
    await recover();
    await lose(250);
    mirror.sandbox.world.state.deliveries.forEach((delivery) => (delivery.deliveredAt -= 7_200_000));
    await mirror.rows(`update system_state set value = value || '{"read_at":"2106-01-01T00:00:00Z"}'
      where name = 'delivery_log'`);
    while ((await recover()).more);
    expect(await received()).toBe(250);
  });

  it('gives a payload the numbers that GitHub sent, as a webhook has them', async () => {
    const numbers =
      '[9007199254740993, -18446744073709551617, 1.10, 0.12345678901234567891, 1e2, 12345678901234567890.5]';
    await lose(1);
    for (const delivery of mirror.sandbox.world.state.deliveries)
      delivery.body = delivery.body.replace(
        '{',
        () => `{"numbers":${numbers},"large":{"id":9007199254740993},`,
      );
    expect(await recover()).toMatchObject({ recovered: 1 });
    const read = () => mirror.rows<{ text: string }>('select payload::text as text from webhook_deliveries');
    const [recovered] = await read();
    expect(recovered?.text).toContain(numbers.replace('1e2', '100'));
    await mirror.rows('delete from webhook_deliveries');
    const [sent] = mirror.sandbox.world.state.deliveries;
    control.redeliver({ guid: sent?.guid ?? '' });
    await control.deliveriesDone({});
    expect(await read()).toEqual([recovered]);
  });

  it('is asked for missing payloads repeatedly, at increasing intervals', async () => {
    control.addDeliveryFault({ kind: 'drop' });
    control.editIssue({ repo, number: 1, title: 'never seen' });
    await control.deliveriesDone({});
    for (let call = 0; call < 10; call += 1) {
      for (const delivery of mirror.sandbox.world.state.deliveries) delivery.body = 'null';
      await recover();
      await control.deliveriesDone({});
    }
    const asked = control.stats().byRoute['POST /app/hook/deliveries/:delivery_id/attempts'] ?? 0;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(4);
  });

  it('is read up to a page that never arrives, and again later', async () => {
    await lose(250);
    const { id } = control.addFault({ action: { kind: 'status', status: 451 }, match: 'deliveries.*cursor' });
    await expect(recover()).resolves.toMatchObject({ recovered: 100, more: true });
    await expect(recover()).rejects.toMatchObject({ code: 'REPOSITORY_BLOCKED' });
    await expect(recover()).rejects.toMatchObject({ code: 'REPOSITORY_BLOCKED' });
    expect(await recover()).toMatchObject({ recovered: 0, error: unread });
    await lose(5);
    await recover().catch(() => undefined);
    expect(await received()).toBe(105);
    control.removeFault({ id });
    while ((await recover()).more);
    expect(await received()).toBe(255);
  });

  it('is read up to a page that is corrupt at every size, and again later', async () => {
    await lose(150);
    const { id } = control.addFault({ action: { kind: 'garble' }, match: 'deliveries.*cursor' });
    expect(await recover()).toMatchObject({ recovered: 100, more: true });
    expect(await recover()).toMatchObject({ recovered: 0, more: false, error: unread });
    control.removeFault({ id });
    while ((await recover()).more);
    expect(await received()).toBe(150);
  });
});

describe('reading the log again and again', () => {
  it('runs in one process at a time, with one reading per interval', async () => {
    const { db } = mirror;
    expect(await claimLog(db, 'first', true)).toBeNull();
    expect(await claimLog(db, 'second', true)).not.toBeNull();
    expect(await claimLog(db, 'a sweep', false)).not.toBeNull();
    expect(await claimLog(db, 'first', false)).toBeNull();
    await releaseLog(db, 'second', { inMs: 0, code: null, wasRead: true });
    expect(await claimLog(db, 'second', true)).not.toBeNull();
    expect(await readLogState(db)).toBeNull();
    await releaseLog(db, 'first', { inMs: 600_000, code: 'RATE_LIMITED', wasRead: true });
    // Not due for anybody, but free for a sweep, which does not move when it is due.
    expect(await claimLog(db, 'second', true)).toBeGreaterThan(300_000);
    expect(await claimLog(db, 'a sweep', false)).toBeNull();
    await releaseLog(db, 'a sweep', null);
    expect(await claimLog(db, 'second', true)).toBeGreaterThan(300_000);
    const state = await readLogState(db);
    expect(state).toMatchObject({ code: 'RATE_LIMITED', is_held: false, read_at: expect.any(String) });
    expect(Date.parse(state?.due_at ?? '') - Date.parse(state?.read_at ?? '')).toBe(600_000);
    await mirror.rows(
      `update system_state set value = value || '{"owner":"dead","until":"2020-01-01","due_at":"2020-01-01"}'
       where name = 'delivery_log_reader'`,
    );
    expect(await claimLog(db, 'second', true)).toBeNull();
    // One that fails tells of no reading.
    await releaseLog(db, 'second', { inMs: 1000, code: 'GITHUB_UNAVAILABLE', wasRead: false });
    expect(await readLogState(db)).toMatchObject({ code: 'GITHUB_UNAVAILABLE', read_at: state?.read_at });
  });

  it('stretches its interval so that half of the rate limit remains until it resets', () => {
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
