import {
  Boxes,
  Database,
  FolderGit2,
  GitPullRequest,
  House,
  ListChecks,
  Webhook,
  type LucideIcon,
} from 'lucide-react';

export interface ScreenLink {
  href: string;
  name: string;
  icon: LucideIcon;
  /** pressed after `g` */
  key: string;
}

/** The screens reachable from everywhere, in order. */
export const screens: readonly ScreenLink[] = [
  { href: '/', name: 'Overview', icon: House, key: 'o' },
  { href: '/repositories', name: 'Repositories', icon: FolderGit2, key: 'r' },
  { href: '/installations', name: 'Installations', icon: Boxes, key: 'i' },
  { href: '/pull-requests', name: 'Pull requests', icon: GitPullRequest, key: 'p' },
  { href: '/jobs', name: 'Jobs', icon: ListChecks, key: 'j' },
  { href: '/deliveries', name: 'Deliveries', icon: Webhook, key: 'd' },
  { href: '/questions', name: 'SQL', icon: Database, key: 's' },
];
