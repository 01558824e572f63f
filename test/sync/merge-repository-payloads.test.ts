import { expect, it } from '@jest/globals';
import type { RepositoryRow } from '../../src/model.ts';
import { mergeRepositoryPayloads } from '../../src/sync/deliveries/merge-repository-payloads.ts';
import { repositoryRow } from '../support/repository-row.ts';

const stored = repositoryRow(1, {
  updated_at: '2026-01-02T00:00:00.000Z',
  pushed_at: '2026-01-02T00:00:00.000Z',
});
const before = '2026-01-01T12:00:00.000Z';
const after = '2026-01-02T12:00:00.000Z';

interface Shown {
  row: Partial<RepositoryRow>;
  whole?: boolean;
  by?: number | null;
}

function merge(...shown: Shown[]) {
  const all = shown.map(({ row, whole = true, by = 5 }, at) => ({
    guid: String(at),
    row: { ...stored, ...row },
    whole,
    isAsDescribed: true,
    installationId: by,
  }));
  const { write, ask, announced } = mergeRepositoryPayloads(all, stored, 5);
  return { written: write?.description, asked: [...ask].sort(), announced };
}

it.each<[what: string, shown: Shown[], written: string | null | undefined, asked: string[]]>([
  ['nothing new', [{ row: {} }], undefined, []],
  ['what is newer', [{ row: { updated_at: after, description: 'x' } }], 'x', []],
  ['what is older', [{ row: { updated_at: before, description: 'x' } }], undefined, []],
  ['another state of the same second', [{ row: { description: 'x' } }], undefined, ['0']],
  ['a shortened state of the same second', [{ row: { description: 'x' }, whole: false }], undefined, []],
  ['what is newer and shortened', [{ row: { updated_at: after }, whole: false }], undefined, ['0']],
  ['another default branch', [{ row: { updated_at: after, default_branch: 'next' } }], null, ['0']],
  ['figures that no clock tells of', [{ row: { stargazers_count: 7 } }], undefined, []],
  [
    'what another installation speaks of',
    [{ row: { updated_at: after, description: 'x' }, by: 6 }],
    undefined,
    ['0'],
  ],
  [
    'two newer states of one second',
    [{ row: { updated_at: after, description: 'x' } }, { row: { updated_at: after, description: 'y' } }],
    'y',
    ['0'],
  ],
])(
  'asks GitHub only for what payloads leave open about their repository: %s',
  (_what, shown, written, asked) => {
    const merged = merge(...shown);
    expect([merged.written, merged.asked]).toEqual([written, asked]);
  },
);

it('keeps the latest push time from any payload, and never changes the GraphQL id', () => {
  const rows = [
    { ...stored, updated_at: after, node_id: 'R_2', pushed_at: before },
    { ...stored, pushed_at: after },
  ];
  const shown = rows.map((row, at) => ({
    guid: String(at),
    row,
    whole: true,
    isAsDescribed: true,
    installationId: 5,
  }));
  const { write } = mergeRepositoryPayloads(shown, stored, 5);
  expect(write).toMatchObject({ node_id: 'R_1', pushed_at: after });
});
