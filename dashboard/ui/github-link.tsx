import type { ReactNode } from 'react';

interface GitHubLinkProps {
  /** the repository's page at GitHub; null where GitHub's pages are not known, as with the sandbox */
  repository: string | null;
  /** below it, such as `/pull/7` */
  path: string;
  children: ReactNode;
}

/** What somebody wrote at GitHub, as the way to it there. */
export function GitHubLink({ repository, path, children }: GitHubLinkProps) {
  if (repository === null) return <span dir="auto">{children}</span>;
  return (
    <a
      href={repository + path}
      target="_blank"
      rel="noreferrer"
      dir="auto"
      className="underline-offset-3 hover:text-accent hover:underline"
    >
      {children}
      <span className="sr-only"> (at GitHub, opens another page)</span>
    </a>
  );
}
