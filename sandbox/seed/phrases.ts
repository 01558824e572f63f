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
