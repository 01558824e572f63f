import { Search } from 'lucide-react';

export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-keyshortcuts="Control+K"
      className="flex h-8 items-center gap-2 rounded-md border border-line px-2.5 text-[0.8125rem] text-muted hover:border-line-strong hover:text-fg"
    >
      <Search aria-hidden size={14} />
      <span className="sr-only md:not-sr-only">Go to…</span>
      <kbd aria-hidden className="hidden rounded border border-line px-1 font-sans text-2xs md:inline">
        Ctrl K
      </kbd>
    </button>
  );
}
