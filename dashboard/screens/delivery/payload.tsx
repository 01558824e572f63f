import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Payload as Answer } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';

/** What GitHub sent: collapsed at first, with searchable lines. */
export function Payload({ guid, bytes }: { guid: string; bytes: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card flush>
      <details className="group" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex cursor-pointer list-none items-center gap-1.5 px-4 py-3 text-[0.8125rem] font-semibold -outline-offset-2 hover:bg-raised [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            size={14}
            className="text-muted transition-transform group-open:rotate-90"
          />
          Payload <span className="font-normal text-muted">{formatBytes(bytes)} of JSON</span>
        </summary>
        {isOpen && <Opened guid={guid} />}
      </details>
    </Card>
  );
}

function Opened({ guid }: { guid: string }) {
  const payload = useApi<Answer>(`/api/dashboard/deliveries/${guid}/payload/`);
  const [search, setSearch] = useState('');
  return (
    <QueryView query={payload}>
      {({ text, truncated }) => (
        <div className="space-y-3 px-4 pb-4">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <SearchField label="Lines that contain" value={search} onChange={setSearch} />
            <CopyButton text={text} what="the payload" />
          </div>
          {truncated && (
            <p className="text-muted">
              The first {formatCount(text.length)} characters;{' '}
              <code className="font-mono">GET /api/deliveries/{guid}/</code> has all of it.
            </p>
          )}
          <CodeBlock text={search === '' ? text : linesWith(text, search)} isLong />
        </div>
      )}
    </QueryView>
  );
}

function linesWith(text: string, search: string): string {
  const lines = text.split('\n').filter((line) => line.toLowerCase().includes(search.toLowerCase()));
  return lines.length === 0 ? 'No line contains that.' : lines.join('\n');
}
