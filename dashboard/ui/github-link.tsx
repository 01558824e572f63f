import type { ReactNode } from 'react';

interface GitHubLinkProps {
  /** the repository's page at GitHub; null if GitHub's pages are unknown, as with the sandbox */
  repository: string | null;
  /** relative to it, such as `/pull/7` */
  path: string;
  children: ReactNode;
}

/**
 * Truncated at the end of its own direction if there is no room: for a right-to-left title that is the left,
 * while the surrounding line is cut at the right. On a phone it wraps instead, because little would be left.
 */
const title =
  'max-w-full min-w-0 text-left align-bottom max-sm:[overflow-wrap:anywhere] sm:inline-block sm:truncate';

/** Something written at GitHub, as a link to it there. */
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
