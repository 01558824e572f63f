import { expect, it } from '@jest/globals';
import { replicationFinding } from '../../src/setup/checks/replication-finding.ts';

const facts = {
  version_number: 180_004,
  version: '18.4',
  database: 'mirror',
  read_only: false,
  connections: 100,
};
const MIB = 1024 ** 2;

it.each([
  [0, null, []],
  [1, null, ['ok 1 standby; only a role with pg_monitor can see their lag']],
  [2, 1.5 * MIB, ['ok 2 standbys, at most 2 MiB behind']],
  [1, 300 * MIB, ['warning 1 standby, at most 300 MiB behind.']],
])('%d standbys that lack %p bytes', (standbys, lag, expected) => {
  const findings = replicationFinding({ ...facts, standbys, lag_bytes: lag });
  expect(findings.map(({ status, message }) => `${status} ${message}`)).toEqual(expected);
});
