import { Shield } from 'lucide-react';
import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { plural } from '../../ui/format.ts';

interface BranchesProps {
  branches: RepositoryDetail['contents']['branches'];
  total: number;
}

/** The default branch first, then by name. */
export function Branches({ branches, total }: BranchesProps) {
  return (
    <Card title="Branches" aside={plural(total, 'branch', 'branches')} flush>
      <ItemList none="No branches yet.">
        {branches.map(({ name, head_sha: sha, protected: isProtected }) => (
          <Item key={name} end={<code className="font-mono">{sha.slice(0, 7)}</code>}>
            <span dir="auto">{name}</span>{' '}
            {isProtected && <Shield aria-label="protected" size={13} className="inline text-muted" />}
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
