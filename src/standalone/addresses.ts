import { styleText } from 'node:util';
import type { SandboxGitHub } from './sandbox-github.ts';

export interface Addresses {
  apiUrl: string;
  dashboardUrl: string;
  databaseUrl: string;
  temporalAddress: string;
  uiUrl: string | undefined;
  sandbox: SandboxGitHub | undefined;
}

const QUESTIONS: [question: string, sql: string[]][] = [
  [
    'Who committed the most in 90 days?',
    [
      'select c.login, count(*) from commits k join contributors c on c.id = k.author_id',
      "where k.orphaned_at is null and k.committed_at > now() - interval '90 days'",
      'group by 1 order by 2 desc limit 10;',
    ],
  ],
  [
    'Which repositories depend on few people?',
    [
      'select r.full_name, m.bus_factor_90d, m.commits_90d, m.stale_issues',
      'from repository_metrics m join repositories r on r.id = m.repository_id',
      'order by 2, 3 desc limit 10;',
    ],
  ],
  [
    'How quickly does an event reach its row?',
    [
      'select event, count(*), round(avg(extract(epoch from processed_at - received_at) * 1000)) as ms',
      "from webhook_deliveries where status = 'processed' group by 1 order by 2 desc;",
    ],
  ],
];

/** All addresses, and three questions worth asking, as lines for the terminal. */
export function addresses({
  apiUrl,
  dashboardUrl,
  databaseUrl,
  temporalAddress,
  uiUrl,
  sandbox,
}: Addresses): string[] {
  const rows: [string, string | undefined][] = [
    ['Dashboard', `${dashboardUrl}/`],
    ['API', `${apiUrl}/`],
    ['API, documented', `${apiUrl}/docs`],
    ['Health', `${apiUrl}/api/sync/health/`],
    ['Temporal Web UI', uiUrl],
    ['Temporal', temporalAddress],
    ['Sandbox GitHub', sandbox?.url],
    ['Sandbox control', sandbox?.controlUrl],
    ['PostgreSQL', databaseUrl],
  ];
  return [
    '',
    ...rows.flatMap(([name, address]) =>
      address ? [`  ${name.padEnd(16)} ${styleText('bold', address)}`] : [],
    ),
    '',
    `  Three questions for PostgreSQL; these and seventeen more are answered at ${styleText('bold', `${apiUrl}/questions`)}`,
    ...QUESTIONS.flatMap(([question, sql]) => [
      `  ${question}`,
      ...sql.map((line) => styleText('gray', `    ${line}`)),
    ]),
    '',
    '  Ctrl-C stops everything; the next start continues from here.',
    '',
  ];
}
