import { expect, it } from '@jest/globals';
import { whomToWake } from '../../src/sync/delivery-log/whom-to-wake.ts';

function waiting(installationId: number | null, count: number) {
  return Array.from({ length: count }, (_one, at) => ({
    id: 100 * (installationId ?? 0) + at,
    installationId,
    label: installationId === null ? null : `owner-${installationId}/r${at}`,
    isLate: false,
    newestAt: '2026-01-01T00:00:00.000Z',
  }));
}

it('wakes an installation once for many of its repositories, and a few repositories individually', () => {
  const wakes = whomToWake([...waiting(1, 500), ...waiting(2, 5), ...waiting(null, 9)]);
  expect(wakes[0]).toEqual({
    kind: 'deliveries',
    work: { id: 1, installationId: 1, label: 'owner-1' },
  });
  expect(wakes.slice(1).map(({ kind }) => kind)).toEqual(Array.from({ length: 14 }, () => 'repository'));
});
