import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import setup from '../support/global-setup.ts';
import teardown from '../support/global-teardown.ts';
import { withWorkflows } from './run-workflows.ts';
import { shapes } from './shapes.ts';

const FOLDER = fileURLToPath(new URL('../histories', import.meta.url));

/**
 * Plays every shape and keeps the history of each of its runs: `npm run histories`. To be run where a released
 * version is left behind, and where a change is meant to end what runs under the old code. With names
 * (`npm run histories -- periodic-sweep-bounded`) plays only these, and the other histories stay: for a new shape.
 */
async function record(names: readonly string[]): Promise<void> {
  if (names.length === 0) for (const file of await readdir(FOLDER)) await rm(join(FOLDER, file));
  const chosen = shapes().filter(({ name }) => names.length === 0 || names.includes(name));
  await Promise.all(
    chosen.map(({ name, activities, play }) =>
      withWorkflows(activities, async (running) => {
        const { client } = running.temporal;
        let runId: string | undefined;
        const workflowId = await play(running);
        for (let run = await firstRun(workflowId); run !== undefined; run = runId) {
          const history = await client.workflow.getHandle(workflowId, run).fetchHistory();
          const file = `${name}${runId === undefined ? '' : '-then'}.json`;
          await writeFile(join(FOLDER, file), lines(historyToJSON(history)));
          const last = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
          runId = last?.newExecutionRunId ?? undefined;
        }

        async function firstRun(id: string): Promise<string | undefined> {
          const { raw } = await client.workflow.getHandle(id).describe();
          return raw.workflowExecutionInfo?.firstRunId ?? undefined;
        }
      }),
    ),
  );
}

/** One event per line: half as long, and its changes can be read. */
function lines(json: string): string {
  const { events }: { events: unknown[] } = JSON.parse(json);
  return `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

await setup();
try {
  await record(process.argv.slice(2));
} finally {
  await teardown();
}
