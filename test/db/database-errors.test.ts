import { describe, expect, it } from '@jest/globals';
import { describeError } from '../../src/activities/failure.ts';
import { databaseComplaint } from '../../src/db/database-errors.ts';
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
    };
    for (const [code, message] of Object.entries(said)) {
      const cause = refused(code, 'could not extend file "base/16384/2619"');
      for (const error of [cause, new Error('failed', { cause })])
        expect(describeError(error)).toEqual({ code: 'DATABASE_UNAVAILABLE', message });
    }
  });
});

describe('a missing table or privilege', () => {
  const missing = refused('42P01', 'relation "issues" does not exist');
  const denied = refused('42501', 'permission denied for table issues');

  it("is no repository's fault, and waited for like an unavailable database", () => {
    for (const error of [missing, denied]) {
      expect(faultOf(error)).toBe('database');
      expect(describeError(error)).toEqual({
        code: 'DATABASE_UNAVAILABLE',
        message: 'the database lacks tables or privileges that this version needs',
      });
    }
    expect(describeError(refused('23505', 'duplicate key value'))).toMatchObject({ code: 'UNKNOWN' });
  });

  it('is named to whoever runs a command', () => {
    expect(databaseComplaint(denied)).toBe(
      'PostgreSQL at DATABASE_URL lacks a table or a privilege: permission denied for table issues',
    );
    expect(databaseComplaint(refused('ECONNREFUSED', 'connect ECONNREFUSED'))).toBe(
      'PostgreSQL at DATABASE_URL does not answer: connect ECONNREFUSED',
    );
  });
});
