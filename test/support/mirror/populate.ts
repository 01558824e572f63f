import type { Sandbox } from '../../../sandbox/index.ts';

/**
 * Users `ann` and `bob`, organisation `acme` with the App on everything, and its repository `acme/app` with three commits,
 * issues #1 and #2 and pull request #3.
 */
export function populate(control: Sandbox['control']) {
  const repo = 'acme/app';
  control.createAccount({ login: 'ann', name: 'Ann', emails: ['ann@example.com'] });
  control.createAccount({ login: 'bob', name: 'Bob', emails: ['bob@example.com'] });
  control.createAccount({ login: 'acme', type: 'Organization' });
  const installation = control.install({ account: 'acme' });
  control.createRepository({ owner: 'acme', name: 'app' });
  control.push({ repo, commits: 3 });
  control.openIssue({ repo, title: 'It leaks', body: 'ink', labels: ['bug'], assignees: ['ann'], by: 'bob' });
  control.openIssue({ repo, title: 'It sinks', labels: ['bug', 'wontfix'] });
  control.openPull({ repo, head: 'feature', title: 'Float', labels: ['bug'], by: 'bob' });
  return installation;
}
