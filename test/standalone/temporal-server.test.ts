import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { freePort } from '../../src/standalone/free-port.ts';
import { findTemporal } from '../../src/standalone/temporal-program.ts';
import { startTemporal, type TemporalServer } from '../../src/standalone/temporal-server.ts';

const print = (): void => undefined;

async function scheduleIds({ address }: TemporalServer): Promise<string[]> {
  const connection = await Connection.connect({ address });
  try {
    const { schedules } = await connection.workflowService.listSchedules({ namespace: 'kept' });
    return (schedules ?? []).map((schedule) => schedule.scheduleId ?? '');
  } finally {
    await connection.close();
  }
}

describe('the development server of Temporal', () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'temporal-server-test-'));
    program = await findTemporal(print);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps workflows, namespace and Web UI over a restart', async () => {
    const dbFilename = join(folder, 'temporal.db');
    const first = await startTemporal({ program, namespace: 'kept', dbFilename, print });
    try {
      const ui = await fetch(first.uiUrl ?? '');
      expect(ui.status).toBe(200);
      const connection = await Connection.connect({ address: first.address });
      await connection.workflowService.createSchedule({
        namespace: 'kept',
        scheduleId: 'remembered',
        requestId: 'once',
        schedule: {
          spec: {},
          action: {
            startWorkflow: { workflowId: 'w', workflowType: { name: 'W' }, taskQueue: { name: 'q' } },
          },
        },
      });
      await connection.close();
    } finally {
      await first.stop();
    }
    const second = await startTemporal({ program, namespace: 'kept', dbFilename, headless: true, print });
    try {
      expect(await scheduleIds(second)).toEqual(['remembered']);
    } finally {
      await second.stop();
    }
  });

  it('can be stopped before it serves', async () => {
    let stopped: Promise<void> | undefined;
    const starting = startTemporal({
      program,
      namespace: 'default',
      headless: true,
      print,
      onStart: (child) => {
        stopped = child.stop();
      },
    });
    await expect(starting).rejects.toThrow('Temporal exited while it was starting');
    await stopped;
  });

  it('reports which port is in use and what to do', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(startTemporal({ program, namespace: 'default', port, print })).rejects.toThrow(
      `Port ${port} is taken: Temporal cannot listen there.`,
    );
    other.close();
  });

  it('reports the last output of a program that cannot start', async () => {
    const options = { program: '/bin/ls', namespace: 'default', headless: true, print };
    await expect(startTemporal(options)).rejects.toThrow(/Temporal exited while it was starting:\n.*ls/);
  });
});
