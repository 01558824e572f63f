/** What people write. */
import type { Random } from '../world/random.ts';

const VERBS = ['Fix', 'Add', 'Remove', 'Simplify', 'Speed up', 'Document', 'Test', 'Rename', 'Handle'];
const THINGS = [
  'the tentacle router',
  'login',
  'the cache',
  'retries',
  'the parser',
  'dark mode',
  'time zones',
  'the build',
];
const FAULTS = [
  'crashes on start',
  'is slow',
  'loses data',
  'prints too much',
  'ignores settings',
  'needs docs',
];

export const LABELS = ['bug', 'enhancement', 'documentation', 'good first issue', 'question'];

export function commitMessage(random: Random): string {
  return `${random.pick(VERBS)} ${random.pick(THINGS)} ${random.hex(4)}`;
}

export function issueTitle(random: Random): string {
  const thing = random.pick(THINGS);
  return `${thing.charAt(0).toUpperCase()}${thing.slice(1)} ${random.pick(FAULTS)}`;
}

export const LINE_REMARKS = [
  'Could this be null?',
  'This name says little.',
  'Is there a test for this?',
  'Nit: one blank line too many.',
  'What happens when it times out?',
];

export const VERDICT_REMARKS = [
  'Good idea; a few things below.',
  'This breaks the old format, I think.',
  'Please split this in two.',
];

export const ANSWERS = [
  'I can reproduce this.',
  'Which version is it?',
  'A fix is on its way.',
  'The same here since Tuesday.',
];

/** The labels of a repository, in GitHub's own colours. */
/** What GitHub gives every new repository (docs.github.com, "Managing labels": default labels). */
export const DEFAULT_LABELS = [
  { name: 'bug', color: 'd73a4a', description: "Something isn't working" },
  { name: 'documentation', color: '0075ca', description: 'Improvements or additions to documentation' },
  { name: 'duplicate', color: 'cfd3d7', description: 'This issue or pull request already exists' },
  { name: 'enhancement', color: 'a2eeef', description: 'New feature or request' },
  { name: 'good first issue', color: '7057ff', description: 'Good for newcomers' },
  { name: 'help wanted', color: '008672', description: 'Extra attention is needed' },
  { name: 'invalid', color: 'e4e669', description: "This doesn't seem right" },
  { name: 'question', color: 'd876e3', description: 'Further information is requested' },
  { name: 'wontfix', color: 'ffffff', description: 'This will not be worked on' },
];

/** The team's own beside GitHub's. */
export const DEPENDENCIES = {
  name: 'dependencies',
  color: '0366d6',
  description: 'Pull requests that update a dependency',
};

export function bumpTitle(random: Random): string {
  const minor = random.int(20);
  return `Bump octo-${random.pick(['core', 'http', 'test'])} from 2.${minor}.0 to 2.${minor + 1}.0`;
}

export function changePath(random: Random): string {
  return `${random.pick(['src', 'lib', 'test'])}/${random.pick(['login', 'cache', 'parser', 'router'])}-${random.int(9)}.ts`;
}
