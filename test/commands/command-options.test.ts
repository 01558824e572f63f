import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { runProgram } from '../scenarios/run-program.ts';

it.each(['doctor', 'setup'])(
  'reports an unknown option of %s in one line, and exits with 1',
  async (name) => {
    const command = fileURLToPath(new URL(`../../src/commands/${name}.ts`, import.meta.url));
    const { code, output } = await runProgram(process.execPath, [command, '--fxi'], {});
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^Unknown option '--fxi'.* See -- --help\n$/),
    });
  },
);
