import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireLease, type RepositoryLease } from '../../src/db/repository-sync/repository-lease.ts';
import { findRepository, type StoredRepository } from '../../src/db/repository-sync/repository-state.ts';
import { atPage } from '../../src/sync/checkpoints.ts';
import { createRepositoryWriter, type RepositoryWriter } from '../../src/sync/context/repository-writer.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const somewhere = atPage('https://github.invalid/?page=2', '2026-01-01T00:00:00Z', 'all');

let test: TestRows;
let lease: RepositoryLease;
let repository: StoredRepository;
let writer: RepositoryWriter;

const stored = async () => (await findRepository(test.db, 1))?.checkpoints;

beforeEach(async () => {
  test = await openTestRows();
  const [taken, found] = await Promise.all([acquireLease(test.orm, 1, 'me'), findRepository(test.db, 1)]);
  if (taken === null || found === null) throw new Error('there is no repository');
  [lease, repository] = [taken, found];
  writer = createRepositoryWriter(lease, randomUUID(), { requests: 0, points: 0 }, repository);
});
afterEach(async () => {
  await lease.release();
  await test.close();
});

describe('a checkpoint', () => {
  it('is known to the round as soon as its transaction is committed, and not before', async () => {
    await writer.save(async (tx) => {
      await writer.saveCheckpoint(tx, 'issues', somewhere);
      expect(repository.checkpoints).toEqual({});
    });
    expect(repository.checkpoints).toEqual({ issues: somewhere });
    expect(await stored()).toEqual({ issues: somewhere });
    await writer.saveAfter(
      () => Promise.resolve(null),
      (tx) => writer.saveCheckpoint(tx, 'issues', null),
    );
    expect(repository.checkpoints).toEqual({});
    expect(await stored()).toEqual({});
  });

  it('is not known to the round if its transaction fails', async () => {
    const failing = writer.save(async (tx) => {
      await writer.saveCheckpoint(tx, 'issues', somewhere);
      throw new Error('no rows');
    });
    await expect(failing).rejects.toThrow('no rows');
    expect(repository.checkpoints).toEqual({});
    expect(await stored()).toEqual({});
  });
});
