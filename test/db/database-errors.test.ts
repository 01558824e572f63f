import { describe, expect, it } from '@jest/globals';
import { describeError } from '../../src/activities/failure.ts';
import { complaintLine } from '../../src/db/database-troubles.ts';
import { faultOf } from '../../src/sync/fault.ts';

function refused(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('a database that is up but cannot serve', () => {
  it('is waited for, and says what a person can mend, without what PostgreSQL quotes', () => {
    const said = {
      '53100': 'the disk of the database is full',
      '53200': 'the database is out of memory',
      '53300': 'the database has no connection left',
      '25006': 'the database is read-only',
      '28P01': 'the database does not let this role connect',
      '3D000': 'the database does not exist',
      '57P03': 'the database does not answer',
      EMFILE: 'this process may open no further connection to the database',
      EADDRNOTAVAIL: 'the database does not answer',
    };
    for (const [code, message] of Object.entries(said)) {
      const cause = refused(code, 'could not extend file "base/16384/2619"');
      for (const error of [cause, new Error('failed', { cause })])
        expect([describeError(error), faultOf(error)]).toEqual([
          { code: 'DATABASE_UNAVAILABLE', message },
          'database',
        ]);
    }
  });
});

describe('a missing table or privilege', () => {
  const missing = refused('42P01', 'relation "issues" does not exist');
  const denied = refused('42501', 'permission denied for table issues');

  it("is no repository's fault, is waited for, and has a code and words that name it", () => {
    for (const error of [missing, denied]) {
      expect(faultOf(error)).toBe('database');
    }
    expect(describeError(missing)).toEqual({
      code: 'SCHEMA_MISMATCH',
      message:
        'the database lacks a table, a column or a privilege that this version needs: relation "issues" does not exist',
    });
    expect(describeError(new Error('failed', { cause: denied })).message).toMatch(
      /: permission denied for table issues$/,
    );
    expect(describeError(refused('23505', 'duplicate key value'))).toMatchObject({ code: 'UNKNOWN' });
  });

  it('is named to whoever runs a command', () => {
    expect(complaintLine(denied)).toMatch(
      /^PostgreSQL at DATABASE_URL cannot serve, the database lacks a table, .*: permission denied for table issues\. Run/,
    );
    expect(complaintLine(refused('53300', 'sorry, too many clients already'))).toMatch(
      /, the database has no connection left: sorry, too many clients already\. .*max_connections/,
    );
    expect(complaintLine(refused('ECONNREFUSED', 'connect ECONNREFUSED'))).toMatch(
      /^PostgreSQL at DATABASE_URL does not answer: connect ECONNREFUSED\./,
    );
  });
});
