import { describe, expect, it } from '@jest/globals';
import { useMirror } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const { mirror } = useMirror({ imported: false });

function told() {
  return mirror.rows<{ code: string | null }>(
    `select split_part(sync_error, ':', 1) as code from repositories`,
  );
}

/** The columns in which rows differ, and `table missing` for rows that the mirror lacks. */
async function columnsThatDiffer(): Promise<string[]> {
  const lines = await differencesFromGitHub(mirror);
  return [
    ...new Set(
      lines.map((line) => line.replace(/^(\w+) \S+: (?:(missing)|has no (author)|(\w+) is).*$/, '$1 $2$3$4')),
    ),
  ].sort();
}

/** Each stands for whatever else a table may ever refuse. */
const rules: [string, string, string[]][] = [
  ['a commit', `alter table commits add constraint odd check (message not like 'odd%')`, ['commits message']],
  [
    'the address of an author',
    `alter table contributor_emails add constraint odd check (email not like 'odd%')`,
    // It is nobody's, since nobody can own it.
    ['commits author'],
  ],
  [
    'an account',
    `alter table contributors add constraint odd check (login <> 'odd')`,
    ['commits author', 'contributors missing', 'issues author'],
  ],
];

describe('a value that PostgreSQL rejects is reported, and everything beside it is right', () => {
  it.each(rules)('%s', async (_name, rule, wrong) => {
    await mirror.rows(rule);
    mirror.control.createAccount({ login: 'odd', emails: ['linked@example.com'] });
    mirror.control.push({
      repo,
      commits: [
        { message: 'odd', author: { name: 'Odd', email: 'odd@example.com' } },
        { message: 'after', author: { login: 'odd' } },
        { message: 'last' },
      ],
    });
    mirror.control.openIssue({ repo, title: 'by somebody', by: 'odd' });
    await mirror.sweep();
    expect(await told()).toEqual([{ code: 'ROW_REFUSED' }]);
    expect(await mirror.rows(`select count(*)::int as n from commits where orphaned_at is null`)).toEqual([
      { n: 6 },
    ]);
    expect(await columnsThatDiffer()).toEqual([
      ...wrong,
      'repositories sync_error',
      'repositories sync_status',
    ]);
    // Nothing waits for it.
    mirror.control.push({
      repo,
      commits: [{ message: 'odd again', author: { login: 'odd' } }, { message: 'on top' }],
    });
    await mirror.work();
    expect(
      await mirror.rows(`select c.message from repositories r join commits c on c.sha = r.head_sha`),
    ).toEqual([{ message: 'on top' }]);
    expect(
      await mirror.rows(`select guid from webhook_deliveries where status in ('pending', 'failed')`),
    ).toEqual([]);
    // Said until it is held, however often it is compared meanwhile.
    mirror.control.addDeliveryFault({ kind: 'lose' });
    for (let sweep = 0; sweep < 2; sweep += 1) {
      mirror.control.openIssue({ repo });
      await mirror.sweep();
      expect(await told()).toEqual([{ code: 'ROW_REFUSED' }]);
    }
    await mirror.verify();
    expect(await told()).toEqual([{ code: 'ROW_REFUSED' }]);
    await mirror.rows(rule.replace(/add constraint odd .*/, 'drop constraint odd'));
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('is reported until GitHub’s value changes', async () => {
    await mirror.rows(`alter table issues add constraint odd check (title not like 'odd%')`);
    mirror.control.openIssue({ repo, title: 'odd' });
    await mirror.sweep();
    mirror.control.editIssue({ repo, number: 4, body: 'still odd' });
    await mirror.work();
    await mirror.sweep();
    expect(await told()).toEqual([{ code: 'ROW_REFUSED' }]);
    mirror.control.editIssue({ repo, number: 4, title: 'even' });
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('is reported of a repository that its installation’s list shows, new or known, and of the installation', async () => {
    await mirror.sweep();
    await mirror.rows(`alter table repositories add constraint odd check (description is null) not valid`);
    await mirror.rows(`alter table installations add constraint odd check (events = '[]') not valid`);
    mirror.control.addDeliveryFault({ kind: 'lose' });
    mirror.control.editRepository({ repo, description: 'odd' });
    mirror.control.createRepository({ owner: 'acme', name: 'even' });
    mirror.control.createRepository({ owner: 'acme', name: 'odd' });
    mirror.control.editRepository({ repo: 'acme/odd', description: 'odd' });
    await mirror.sweep();
    const states = `select name, sync_status, split_part(sync_error, ':', 1) as code from repositories order by name`;
    expect(await mirror.rows(states)).toEqual([
      { name: 'app', sync_status: 'error', code: 'ROW_REFUSED' },
      { name: 'even', sync_status: 'fresh', code: null },
    ]);
    // Of the installation, and of two of its repositories.
    const jobs = `select distinct error ->> 'code' as code from sync_jobs where errors >= 3`;
    expect(await mirror.rows(jobs)).toEqual([{ code: 'ROW_REFUSED' }]);
    await mirror.rows(`alter table repositories drop constraint odd`);
    await mirror.rows(`alter table installations drop constraint odd`);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
