import { commandOptions } from '../command-options.ts';
import { findRunningSweep, hasSweepEnded } from '../db/jobs/list-jobs.ts';
import { callTemporal } from '../temporal/call.ts';
import { howChainEnded } from '../temporal/how-it-ended.ts';
import { startSweep } from '../temporal/start-sweep.ts';
import { OUT_OF_REACH, sweepCommand } from './sweep-command.ts';
import { print } from './terminal-line.ts';

/** The exit codes (docs/reference.md, "Commands"). */
const exitCodes = { completed: 0, failed: 1, cancelled: 1, partial: 2 } as const;
const DEADLINE_MS = 5000;

const HELP = `npm run sync
  starts a sweep or joins the running one, shows its progress, and waits
  exit codes: 0 completed, 1 failed or cancelled, 2 partial, 3 nothing could be started
`;

commandOptions(HELP, {}, OUT_OF_REACH);

/** `npm run sync`: starts the periodic sweep, or joins the running one, and waits for it. */
process.exit(
  await sweepCommand(
    process.env,
    async ({ db, client, follow }) => {
      const open = await findRunningSweep(db);
      // One that was terminated has its job open for some seconds: nobody can join it.
      const isOver = open !== null && (await howChainEnded(client, open, DEADLINE_MS)) !== null;
      const running = isOver ? null : open;
      const sweep =
        running ??
        (await callTemporal(client, DEADLINE_MS, () => startSweep(client, (run) => hasSweepEnded(db, run))));
      print(running === null ? 'Started a sweep' : `Joined the sweep that started at ${running.started_at}`);
      return exitCodes[(await follow(sweep)).status];
    },
    OUT_OF_REACH,
  ),
);
