import type { OpenPullRequests } from '../../api/analytics.ts';
import { usePulse } from '../../api/pulse.tsx';
import { StateText, Tag } from '../../ui/badge.tsx';
import { formatCount } from '../../ui/format.ts';
import { GitHubLink } from '../../ui/github-link.tsx';
import { Cell, Row, Table, type Sort } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Age } from '../../ui/time.tsx';

type Pull = OpenPullRequests['pull_requests'][number];

interface PullRequestTableProps {
  pulls: readonly Pull[];
  /** what they are sorted by, and how to change that */
  sort: string;
  onSort: (sort: string) => void;
}

export function PullRequestTable({ pulls, sort, onSort }: PullRequestTableProps) {
  const most = (key: string): Sort => ({
    isActive: sort === key,
    order: 'descending',
    choose: () => onSort(key),
  });
  // Largest first; reversed if it is already sorted so.
  const waits: Sort = {
    isActive: sort === 'waiting' || sort === 'newest',
    order: sort === 'newest' ? 'ascending' : 'descending',
    choose: () => onSort(sort === 'waiting' ? 'newest' : 'waiting'),
  };
  const columns = [
    'Pull request',
    { name: 'Repository', wide: true },
    { name: 'Author', wide: true },
    { name: 'Review', wide: true },
    { name: 'Unresolved', right: true, wide: true, sort: most('unresolved') },
    { name: 'Lines', right: true, wide: true, sort: most('size') },
    { name: 'Waits', right: true, sort: waits },
  ];
  const github = usePulse().pulse?.github_url;
  return (
    <Table caption="Open pull requests" columns={columns}>
      {pulls.map((pull) => (
        <PullRequestRow key={pull.id} pull={pull} github={github ?? null} />
      ))}
    </Table>
  );
}

/** @param props.github the address of GitHub's pages; null while it is not known */
function PullRequestRow({ pull, github }: { pull: Pull; github: string | null }) {
  return (
    <Row>
      <Cell main>
        <div className="flex items-baseline gap-1.5">
          <span className="shrink-0 whitespace-nowrap text-muted tabular-nums">#{pull.number}</span>
          <GitHubLink
            repository={github === null ? null : `${github}/${pull.full_name}`}
            path={`/pull/${pull.number}`}
          >
            {pull.title}
          </GitHubLink>
          <span className="hidden min-w-0 shrink-[4] gap-1 overflow-hidden lg:flex">
            {pull.labels.slice(0, 3).map((label) => (
              <Tag key={label}>{label}</Tag>
            ))}
          </span>
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs md:hidden">
          <TextLink href={`/repositories/${pull.repository_id}`}>{pull.full_name}</TextLink>
          <StateText state={reviewState(pull)} />
        </div>
      </Cell>
      <Cell wide name={pull.full_name}>
        <TextLink href={`/repositories/${pull.repository_id}`}>{pull.full_name}</TextLink>
      </Cell>
      <Cell wide>
        <span dir="auto">{pull.author_login ?? 'ghost'}</span>
      </Cell>
      <Cell wide>
        <StateText state={reviewState(pull)} />
      </Cell>
      <Cell right wide>
        {pull.unresolved_threads === 0 ? (
          <span className="text-muted">0</span>
        ) : (
          formatCount(pull.unresolved_threads)
        )}
      </Cell>
      <Cell right wide>
        {formatCount(pull.size)}
      </Cell>
      <Cell right>
        <Age since={pull.waiting_since} />
      </Cell>
    </Row>
  );
}

/** The state of its review: nobody reviewed it, somebody did, somebody approved. */
function reviewState(pull: Pull): string {
  if (pull.draft) return 'draft';
  if (pull.first_approval_at !== null) return 'approved';
  return pull.first_review_at === null ? 'unreviewed' : 'reviewed';
}
