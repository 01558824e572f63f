import { ChevronRight, ChevronsLeft } from 'lucide-react';
import { Button } from './button.tsx';

interface PagerProps {
  /** what is shown, in words */
  shown: string;
  cursor: string;
  next: string | null;
  go: (cursor: string) => void;
}

/** Paging by cursor: forward, and back to the first page (the browser's Back goes one page back). */
export function Pager({ shown, cursor, next, go }: PagerProps) {
  return (
    <nav
      aria-label="Pages"
      className="flex items-center justify-between gap-3 border-t border-line px-4 py-2 text-xs text-muted"
    >
      <span>{shown}</span>
      <span className="flex gap-1">
        {cursor !== '' && (
          <Button look="quiet" icon={ChevronsLeft} onClick={() => go('')}>
            First page
          </Button>
        )}
        {next !== null && (
          <Button look="quiet" onClick={() => go(next)}>
            Next page
            <ChevronRight aria-hidden size={14} />
          </Button>
        )}
      </span>
    </nav>
  );
}
