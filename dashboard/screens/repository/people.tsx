import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Tag } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { plural } from '../../ui/format.ts';
import { Item, ItemList } from '../../ui/item-list.tsx';

interface PeopleProps {
  people: RepositoryDetail['contents']['people'];
  total: number;
}

/** Who committed the most to the default branch, ever. */
export function People({ people, total }: PeopleProps) {
  return (
    <Card title="People" aside={plural(total, 'contributor')} flush>
      <ItemList none="No commits yet.">
        {people.map((person) => (
          <Item key={person.contributor_id} end={plural(person.commits_count, 'commit')}>
            <span dir="auto">{person.login ?? person.name ?? 'unknown'}</span>{' '}
            {person.type === 'Bot' && <Tag>bot</Tag>}
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
