import { Boxes, FolderGit2, type LucideIcon } from 'lucide-react';
import type { InstallationPage, RepositoryPage } from '../../src/api/routes/dashboard/schemas.ts';
import { useApi, withQuery } from '../api/use-api.ts';
import { screens } from './screens.ts';

export interface PaletteItem {
  href: string;
  name: string;
  kind: string;
  icon: LucideIcon;
  keys?: string;
}

/** The matches for a text: screens first, then accounts, then repositories. */
export function usePaletteItems(text: string): PaletteItem[] {
  const search = text.trim().toLowerCase();
  const found = useApi<RepositoryPage>(withQuery('/api/dashboard/repositories/', { limit: 8, q: search }), {
    keep: true,
  });
  const accounts = useApi<InstallationPage>(
    withQuery('/api/dashboard/installations/', { limit: 5, q: search }),
    { keep: true },
  );
  const fits = ({ name }: PaletteItem) => name.toLowerCase().includes(search);
  return [
    ...screens
      .map(({ href, name, icon, key }) => ({ href, name, icon, kind: 'screen', keys: `g ${key}` }))
      .filter(fits),
    ...(accounts.data?.installations ?? [])
      .map(({ id, account_login: name }) => ({
        href: `/installations/${id}`,
        name,
        kind: 'account',
        icon: Boxes,
      }))
      .filter(fits),
    ...(found.data?.repositories ?? [])
      .map(({ id, full_name: name }) => ({
        href: `/repositories/${id}`,
        name,
        kind: 'repository',
        icon: FolderGit2,
      }))
      .filter(fits),
  ];
}
