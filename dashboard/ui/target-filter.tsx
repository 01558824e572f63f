import { X } from 'lucide-react';
import { Button } from './button.tsx';

interface TargetFilterProps {
  filters: { repository_id: string; installation_id: string };
  clear: (name: 'repository_id' | 'installation_id') => void;
}

/** Filters that a link of another screen set: they are shown and can be taken away. */
export function TargetFilter({ filters, clear }: TargetFilterProps) {
  const names = { repository_id: 'Repository', installation_id: 'Installation' } as const;
  return (['repository_id', 'installation_id'] as const).map(
    (name) =>
      filters[name] !== '' && (
        <Button
          key={name}
          onClick={() => clear(name)}
          aria-label={`Without the filter ${names[name]} ${filters[name]}`}
        >
          {names[name]} {filters[name]}
          <X aria-hidden size={13} />
        </Button>
      ),
  );
}
