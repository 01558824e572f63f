import { commandOptions } from '../command-options.ts';
import { ConfigurationError } from '../config.ts';
import { examine } from '../setup/examine.ts';
import { fault, findingLine, type Finding } from '../setup/finding.ts';
import { compareWithStart, DATA_FOLDER, runningEnvironment } from '../standalone/running.ts';
import { loadSettings } from '../temporal/load-settings.ts';
import { counted } from '../text.ts';
import { print } from './terminal-line.ts';

const HELP = `npm run doctor -- [--json] [--fix]
  checks the set-up end to end, one line for each check; exit code 1 when there is a fault
  --json  the same for programs: { ok, checks: [{ check, status, message, why, advice }] }
  --fix   first sets the App's webhook URL and secret at GitHub from the environment
`;

const APP_ID = 'GITHUB_APP_ID';

/** `npm run doctor` (docs/operations.md, "Doctor"). Never prints a secret. */
async function main(): Promise<number> {
  const values = commandOptions(HELP, { json: { type: 'boolean' }, fix: { type: 'boolean' } });
  const findings = await diagnose(values.fix === true);
  const faults = findings.filter(({ status }) => status === 'fault').length;
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ ok: faults === 0, checks: findings }, null, 2)}\n`);
  } else {
    for (const finding of findings) print(findingLine(finding));
    const warnings = findings.filter(({ status }) => status === 'warning').length;
    print(
      [counted(findings.length, 'check'), counted(faults, 'fault'), counted(warnings, 'warning')].join(', '),
    );
  }
  return faults === 0 ? 0 : 1;
}

async function diagnose(fix: boolean): Promise<Finding[]> {
  try {
    const { config, temporal } = loadSettings('api', runningEnvironment(process.env));
    return await examine({ config, temporal, dataFolder: DATA_FOLDER, fix });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const faults = error.faults.map((text) =>
      fault('settings', {
        message: `${text}.`,
        why: 'API and worker do not start.',
        advice: adviceFor(text),
      }),
    );
    return [...otherStart(), ...faults];
  }
}

/**
 * These settings are incomplete, and the `npm start` in this folder has others: most likely that is the cause.
 */
function otherStart(): Finding[] {
  const start = compareWithStart(process.env);
  if (start === null || start.differing.length === 0) return [];
  const { differing, environment } = start;
  // Other values may be secrets, and with another App all of them differ.
  const told = differing.includes(APP_ID)
    ? [
        `${APP_ID} (${process.env[APP_ID]}, there ${environment[APP_ID] ?? 'unset'})`,
        ...differing.filter((name) => !name.startsWith('GITHUB_')),
      ]
    : differing;
  return [
    fault('settings', {
      message: `they differ from those of the npm start running in this folder: ${told.join(', ')}.`,
      why: 'The running npm start does not use these, and doctor cannot tell which you mean.',
      advice: 'Correct them in the environment or .env, or restart npm start with them.',
    }),
  ];
}

function adviceFor(text: string): string {
  // `npm start` runs one, and gives its address to commands with the settings that it was started with.
  if (text.startsWith('DATABASE_URL:') && !process.env['DATABASE_URL'])
    return 'If npm start runs PostgreSQL for you, start it with these settings (restart it if they changed), then run doctor while it runs.';
  return 'Correct it in the environment or .env (.env.example lists them all), then run doctor again.';
}

process.exit(await main());
