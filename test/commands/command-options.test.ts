import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { runProgram } from '../scenarios/run-program.ts';

const programs = [
  ['bench/run.ts', 1],
  ['src/api/server.ts', 1],
  ['src/commands/doctor.ts', 1],
  ['src/commands/setup.ts', 1],
  ['src/commands/sync.ts', 3],
  ['src/commands/verify.ts', 1],
  ['src/db/migrate.ts', 1],
  ['src/standalone/start.ts', 1],
  ['src/worker.ts', 1],
  ['test/chaos/run.ts', 1],
] as const;

it.each(programs)(
  'reports an unknown option of %s in one line, and exits with %i',
  async (program, exitCode) => {
    const { code, output } = await run(program, '--fxi');
    expect({ code, output }).toEqual({
      code: exitCode,
      output: expect.stringMatching(/^Unknown option '--fxi'.* See npm run it -- --help\n$/),
    });
  },
);

it.each(programs)('prints the usage of %s, and does nothing else', async (program, _exitCode) => {
  const { code, output } = await run(program, '--help');
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^npm (start|run \w+)/) });
});

/** Without any setting: a program that began its work would report what it lacks. */
function run(program: string, option: string) {
  const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  return runProgram(process.execPath, [path, option], { npm_lifecycle_event: 'it' });
}
