import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { throttleLines } from '../../src/standalone/throttle-lines.ts';
import { complaintIn } from '../../src/standalone/service.ts';
import { deliveryLine } from '../../src/standalone/watch-deliveries.ts';
import { importLine } from '../../src/standalone/watch-imports.ts';

const job = {
  id: 'j',
  status: 'running',
  installation_id: 7,
  repositories_processed: 3,
  commits_imported: 1204,
  issues_imported: 40,
  pull_requests_imported: 9,
  api_requests: 31,
  started_at: new Date(),
  duration_ms: null,
  error: null,
  workflow_id: 'installation-import/7',
};
const delivery = {
  guid: 'g',
  event: 'issues',
  action: 'opened',
  status: 'processed',
  error: null,
  milliseconds: 41.4,
  recovered: false,
  repository: 'acme/api',
  subject: '#12 Crash on start\nwith a long story',
};

describe('the lines of npm start', () => {
  it('tell how far an import is, and how long it still takes', () => {
    expect(importLine(job, { total: 12, eta_seconds: 7.2 })).toBe(
      'import of installation 7: 3 of 12 repositories, 1,204 commits, 40 issues, 9 pull requests, about 8 s left',
    );
    expect(importLine(job)).toBe(
      'import of installation 7: 3 repositories, 1,204 commits, 40 issues, 9 pull requests',
    );
  });

  it('tell how an import ended', () => {
    const error = { code: 'GITHUB_FORBIDDEN', message: 'no access to issues' };
    expect(importLine({ ...job, status: 'partial', duration_ms: 12_340, error })).toMatch(
      /: partial in 12\.3 s, 31 requests \(GITHUB_FORBIDDEN: no access to issues\)$/,
    );
  });

  it('tell of a delivery what, where, and how long it took', () => {
    expect(stripVTControlCharacters(deliveryLine(delivery))).toBe(
      'issues opened              acme/api  #12 Crash on start  processed in 41 ms',
    );
    const failed = {
      ...delivery,
      status: 'failed',
      error: 'unreadable',
      recovered: true,
      milliseconds: null,
    };
    expect(stripVTControlCharacters(deliveryLine(failed))).toMatch(/ {2}failed, recovered: unreadable$/);
  });

  it('repeat a complaint at most every ten seconds, with its count', () => {
    let time = 0;
    const said: string[] = [];
    const print = throttleLines(
      (line) => said.push(line),
      () => time,
    );
    for (const at of [0, 100, 200, 9_999]) {
      time = at;
      print('GitHub is away');
    }
    print('another');
    time = 10_000;
    print('GitHub is away');
    expect(said).toEqual(['GitHub is away', 'another', 'GitHub is away (and 3 times before)']);
  });

  it('pass on warnings of the roles and nothing less', () => {
    const { stringify: line } = JSON;
    expect(complaintIn(line({ level: 50, msg: 'sync failed', err: { message: 'no route' } }))).toBe(
      'sync failed: no route',
    );
    expect(complaintIn(line({ level: 30, msg: 'listening' }))).toBeUndefined();
    expect(complaintIn('{ not json')).toBeUndefined();
    expect(complaintIn('plain text')).toBeUndefined();
  });
});
