import { describe, expect, it } from '@jest/globals';
import { driftLines } from '../../src/commands/drift-lines.ts';

describe('the lines of a verification', () => {
  it('say for every table how many rows were compared and how many healed', () => {
    const lines = driftLines([
      { full_name: 'acme/app', compared: { commits: 70, issues: 7 }, healed: { commits: 0, issues: 2 } },
      { full_name: 'acme/lib', compared: { commits: 30, issues: 0 }, healed: { commits: 1, issues: 0 } },
    ]);
    expect(lines).toEqual([
      '2 repositories, 107 rows compared: 3 rows differed and were healed',
      '  commits                  100 compared, 1 healed',
      '  issues                   7 compared, 2 healed',
      '  acme/app: 2 issues',
      '  acme/lib: 1 commits',
    ]);
  });

  it('say how many were compared also where nothing differed', () => {
    expect(driftLines([{ full_name: 'acme/app', compared: { issues: 7 }, healed: { issues: 0 } }])).toEqual([
      '1 repositories, 7 rows compared: no drift',
      '  issues                   7 compared, 0 healed',
    ]);
  });
});
