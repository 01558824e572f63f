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

it.each([
  ['bench/run.ts', '--runs', '0', 'a whole number of at least 1'],
  ['bench/run.ts', '--size', 'huge', 'full or small'],
  ['bench/run.ts', '--temporal', 'cloud', 'dev or postgres'],
  ['src/commands/setup.ts', '--port', '65536', 'a whole number from 0 to 65535'],
  ['test/chaos/run.ts', '--minutes', 'five', 'a whole number of at least 0'],
  ['test/chaos/run.ts', '--seed', '1e3', 'a whole number of at least 0'],
  ['test/chaos/run.ts', '--faults', '0', 'a whole number of at least 1'],
  ['test/chaos/run.ts', '--repositories', '', 'a whole number of at least 1'],
])('reports in one line what %s %s may not be: %j', async (program, option, value, allowed) => {
  expect(await run(program, option, value)).toMatchObject({
    code: 1,
    output: `Option '${option}' takes ${allowed}, not '${value}'. See npm run it -- --help\n`,
  });
});

/** Without any setting: a program that began its work would report what it lacks. */
function run(program: string, ...options: string[]) {
  const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  return runProgram(process.execPath, [path, ...options], { npm_lifecycle_event: 'it' });
}
