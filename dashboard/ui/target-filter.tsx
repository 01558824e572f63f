import { X } from 'lucide-react';
import { Button } from './button.tsx';

interface TargetFilterProps {
  filters: { repository_id: string; installation_id: string };
  /** any row of the list: all have the same repository or account because of the filters */
  shown?: { repository: string | null; account: string | null } | undefined;
  clear: (name: 'repository_id' | 'installation_id') => void;
}

/** Filters set by another screen's link: they are shown and can be cleared. */
export function TargetFilter({ filters, shown, clear }: TargetFilterProps) {
  const names = {
    repository_id: shown?.repository ?? `Repository ${filters.repository_id}`,
    installation_id: shown?.account ?? `Installation ${filters.installation_id}`,
  } as const;
  return (['repository_id', 'installation_id'] as const).map(
    (name) =>
      filters[name] !== '' && (
        <Button key={name} onClick={() => clear(name)} aria-label={`Clear the filter ${names[name]}`}>
          <span dir="auto" className="max-w-48 truncate">
            {names[name]}
          </span>
          <X aria-hidden size={13} />
        </Button>
      ),
  );
}
