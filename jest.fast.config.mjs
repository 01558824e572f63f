import config from './jest.config.mjs';

// `npm run test:fast`: the quicker tests, without processes of its own. Left out are roles, browsers, long histories, and the tests
// that play every event in every way; `npm test` has them all.
const slow = [
  'test/(chaos|dashboard|machines|scenarios|standalone|commands)/',
  'test/(secrets|bench)',
  'test/api/(server|unsigned-bodies|webhook)',
  'test/db/histories',
  'test/process/watchdog',
  'test/sandbox/(command|delivery-schemas|schemas)',
  'test/sync/(bound-app|found-by-chaos|issues-and-pull-requests|limits-and-failures|repositories-and-installations|verify)',
  'test/worker/(reap-jobs|shutdown|workflow-bundle)',
  'test/workflows/(event-counts|repo-sync-long)',
];

/** @type {import('jest').Config} */
export default { ...config, testPathIgnorePatterns: [`<rootDir>/(${slow.join('|')})`] };
