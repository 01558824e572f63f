import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { throttleLines } from '../../src/standalone/throttle-lines.ts';
import { complaintIn } from '../../src/standalone/service.ts';
import { deliveryLine } from '../../src/standalone/watch-deliveries.ts';
import { createTerminal } from '../../src/standalone/terminal.ts';
import { importLine, importProgress } from '../../src/standalone/watch-imports.ts';

const job = {
  id: 'j',
  status: 'running',
  installation_id: 7,
  repositories_processed: 3,
  commits_imported: 1204,
  issues_imported: 40,
  pull_requests_imported: 9,
  api_requests: 31,
  rows: { commits: 1204, issues: 40, pull_requests: 9, labels: 7 },
  started_at: new Date(),
  duration_ms: null,
  error: null,
  workflow_id: 'installation-import/7',
};
const importing = { phase: 'importing', done: 3, total: 12, eta_seconds: 7.2 };
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
  it("show an import's progress and remaining time", () => {
    expect(importLine(job, importing)).toBe(
      'import of installation 7: 3 of 12 repositories, 1,204 commits, 40 issues, 9 pull requests, about 8 s left',
    );
    expect(importLine(job)).toBe(
      'import of installation 7: 3 repositories, 1,204 commits, 40 issues, 9 pull requests',
    );
  });

  it('show the backfill as a separate phase', () => {
    const backfilling = { phase: 'backfilling', done: 4, total: 12, eta_seconds: 30 };
    const whole = { ...job, repositories_processed: 12 };
    expect(importLine(whole, backfilling)).toBe(
      'import of installation 7: 12 repositories, 1,204 commits, 40 issues, 9 pull requests, ' +
        'reviews, comments, releases and more: 4 of 12, about 30 s left',
    );
    expect(importProgress(whole, backfilling)).toEqual({
      what: 'Import: reviews, comments, releases and more: 4 of 12, 1,260 rows, about 30 s left',
      share: { done: 4, total: 12 },
    });
  });

  it('show how an import ended', () => {
    const error = { code: 'GITHUB_FORBIDDEN', message: 'no access to issues' };
    expect(importLine({ ...job, status: 'partial', duration_ms: 12_340, error })).toMatch(
      /: partial in 12\.3 s, 31 requests \(GITHUB_FORBIDDEN: no access to issues\)$/,
    );
  });

  it("show a delivery's event, repository and duration", () => {
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

  it('scroll above one status line that is never wider than the terminal', () => {
    let written = '';
    const write = (text: string): unknown => (written += text);
    const { print, step, rest } = createTerminal({ isTTY: true, columns: 60, write });
    step(5);
    print('Temporal: starting', { what: 'Temporal: starting' });
    expect(written).toBe('\r\u001b[2K⠋ [1/5] Temporal: starting');
    written = '';
    print('it has begun');
    const above = stripVTControlCharacters(written);
    expect(above).toMatch(/^\r\d\d:\d\d:\d\d it has begun\n\r⠋ \[1\/5\] Temporal: starting$/);
    written = '';
    print('', importProgress({ ...job, repositories_processed: 6 }, importing));
    const bar = '━━━━━━━━────────';
    expect(stripVTControlCharacters(written)).toBe(`\r${bar} Import: 6 of 12 repositories, 1,260 rows,…`);
    written = '';
    rest();
    expect(written).toBe('\r\u001b[2K');
  });

  it('are a plain log without a terminal', () => {
    let written = '';
    const { print, write, rest } = createTerminal({ write: (text) => (written += text) });
    print('Temporal: starting', { what: 'Temporal: starting' });
    write(['  a table']);
    rest();
    expect(stripVTControlCharacters(written)).toMatch(/^\d\d:\d\d:\d\d Temporal: starting\n  a table\n$/);
  });

  it('repeat a warning at most every ten seconds, with its count', () => {
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

  it('include warnings of the roles and nothing below', () => {
    const { stringify: line } = JSON;
    expect(complaintIn(line({ level: 50, msg: 'sync failed', err: { message: 'no route' } }))).toBe(
      'sync failed: no route',
    );
    expect(complaintIn(line({ level: 30, msg: 'listening' }))).toBeUndefined();
    expect(complaintIn('{ not json')).toBeUndefined();
    expect(complaintIn('plain text')).toBeUndefined();
  });
});
