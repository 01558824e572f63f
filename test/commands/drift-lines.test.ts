import { describe, expect, it } from '@jest/globals';
import { driftLines, repairedLine } from '../../src/commands/drift-lines.ts';

describe('the lines of a verification', () => {
  it('show for every table how many rows were compared and how many repaired', () => {
    const lines = driftLines({
      repositories: 2,
      compared: { commits: 100, issues: 7 },
      healed: { commits: 1, issues: 2 },
    });
    expect(lines).toEqual([
      '2 repositories, 107 rows compared: 3 rows differed and were healed',
      '  commits                  100 compared, 1 healed',
      '  issues                   7 compared, 2 healed',
    ]);
  });

  it('show what was repaired in a repository', () => {
    const healed = { commits: 3, issues: 0, pull_requests: 1 };
    expect(repairedLine({ repository_id: 1, full_name: 'acme/app', healed })).toBe(
      '  acme/app: 3 commits, 1 pull_requests',
    );
  });

  it('show how many were compared even if nothing differed', () => {
    expect(driftLines({ repositories: 1, compared: { issues: 7 }, healed: { issues: 0 } })).toEqual([
      '1 repository, 7 rows compared: no drift',
      '  issues                   7 compared, 0 healed',
    ]);
  });
});
