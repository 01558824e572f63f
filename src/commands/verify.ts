import { commandOptions } from '../command-options.ts';
import { countUnverified, readDrift, sumDrift } from '../db/repository-sync/drift.ts';
import { databaseTime } from '../db/database-time.ts';
import { findRunningSweep, hasSweepEnded } from '../db/jobs/list-jobs.ts';
import { callTemporal } from '../temporal/call.ts';
import { startVerification } from '../temporal/start-sweep.ts';
import { driftLines, repairedLine } from './drift-lines.ts';
import type { FinishedJob } from './follow-sweep.ts';
import { counted } from '../text.ts';
import { sweepCommand, type SweepCommand } from './sweep-command.ts';
import { print } from './terminal-line.ts';

const DEADLINE_MS = 5000;

const HELP = `npm run verify
  compares everything with GitHub, repairs differences, and prints the drift found per table
  exit codes: 0 everything compared and repaired, 1 otherwise
`;

/** Only one sweep runs at a time: any other one compares only what changed, so it is waited for. */
async function verify({ db, client, follow }: SweepCommand): Promise<FinishedJob> {
  for (;;) {
    for (let running = await findRunningSweep(db); running !== null; running = await findRunningSweep(db)) {
      print(`Waiting for the sweep that started at ${running.started_at}`);
      await follow(running);
    }
    const started = await callTemporal(client, DEADLINE_MS, () =>
      startVerification(client, (run) => hasSweepEnded(db, run)),
    );
    const job = await follow(started);
    if (job.workflow_id === started.workflow_id) return job;
  }
}

commandOptions(HELP, {});

/** `npm run verify`: compares everything with GitHub, repairs differences and prints them. */
process.exit(
  await sweepCommand(
    process.env,
    async (command) => {
      const { db } = command;
      const began = await databaseTime(db);
      const job = await verify(command);
      for (const line of driftLines(await sumDrift(db, began))) print(line);
      for await (const page of readDrift(db, began)) for (const one of page) print(repairedLine(one));
      const unverified = await countUnverified(db, began);
      if (unverified > 0)
        print(`${counted(unverified, 'repository', 'repositories')} could not be compared: see sync_error`);
      return job.status === 'completed' && unverified === 0 ? 0 : 1;
    },
    1,
  ),
);
