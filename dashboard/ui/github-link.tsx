import type { ReactNode } from 'react';

interface GitHubLinkProps {
  /** the repository's page at GitHub; null where GitHub's pages are not known, as with the sandbox */
  repository: string | null;
  /** below it, such as `/pull/7` */
  path: string;
  children: ReactNode;
}

/**
 * Cut at its own end where there is no room: of a title from right to left that is the left one, while the line that
 * it stands in is cut at the right. On a phone it wraps, where little would be left of it.
 */
const title =
  'max-w-full min-w-0 text-left align-bottom max-sm:[overflow-wrap:anywhere] sm:inline-block sm:truncate';

/** What somebody wrote at GitHub, as the way to it there. */
export function GitHubLink({ repository, path, children }: GitHubLinkProps) {
  if (repository === null)
    return (
      <span dir="auto" className={title}>
        {children}
      </span>
    );
  return (
    <a
      href={repository + path}
      target="_blank"
      rel="noreferrer"
      dir="auto"
      className={`${title} underline-offset-3 hover:text-accent hover:underline`}
    >
      {children}
      <span className="sr-only"> (at GitHub, opens another page)</span>
    </a>
  );
}
