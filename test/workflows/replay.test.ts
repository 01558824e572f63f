import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { workflowBundle } from '../support/temporal.ts';
import { shapes } from './shapes.ts';

// What a replay that fails says of itself is no test result.
Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
});

const FOLDER = fileURLToPath(new URL('../histories', import.meta.url));
const files = readdirSync(FOLDER);

interface RecordedEvent {
  eventType: string;
  [attributes: string]: unknown;
}

function read(file: string): { events: RecordedEvent[] } {
  const history: { events: RecordedEvent[] } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  return history;
}

const replay = (history: unknown) => Worker.runReplayHistory({ workflowBundle: workflowBundle() }, history);

describe('histories that earlier code began', () => {
  it('exist for every type, and for runs that continue as new', () => {
    const kept = files.map((file) => file.replace(/(-then)?\.json$/, ''));
    expect(new Set(kept)).toEqual(new Set(shapes().map(({ name }) => name)));
    expect(files.filter((file) => file.includes('-then')).length).toBeGreaterThanOrEqual(3);
  });

  it.each(files)('%s continues under the present code', async (file) => {
    await expect(replay(read(file))).resolves.toBeUndefined();
  });

  it.each(files)('%s contains no secrets', (file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const payloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString(),
    );
    expect(payloads.length).toBeGreaterThan(0);
    // Ids, counts, codes and names: no payload of these says more than a line or two.
    expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThan(700);
    const words = text + payloads.join('\n');
    expect(words).not.toMatch(/ghs_|ghp_|BEGIN [A-Z ]*PRIVATE KEY|authorization|password/i);
  });
});

describe('a history that the present code would not have written', () => {
  it('is refused: another activity', async () => {
    const text = readFileSync(join(FOLDER, 'repo-sync-wake.json'), 'utf8');
    expect(text).toContain('"syncRound"');
    const changed: unknown = JSON.parse(text.replaceAll('"syncRound"', '"compareEverything"'));
    await expect(replay(changed)).rejects.toBeInstanceOf(DeterminismViolationError);
  });

  it('is refused: an activity before the first one', async () => {
    const { events } = read('installation-import.json');
    const scheduled = events.find(({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED');
    expect(JSON.stringify(scheduled)).toContain('"openJob"');
    const changed: unknown = JSON.parse(JSON.stringify({ events }).replace('"openJob"', '"finishJob"'));
    await expect(replay(changed)).rejects.toBeInstanceOf(DeterminismViolationError);
  });

  it('is refused: no lingering', async () => {
    const { events } = read('repo-sync-wake.json');
    const timer = events.findIndex(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED');
    expect(timer).toBeGreaterThan(0);
    const kept = events.filter(({ eventType }) => !eventType.startsWith('EVENT_TYPE_TIMER'));
    await expect(replay({ events: kept })).rejects.toThrow();
  });
});
