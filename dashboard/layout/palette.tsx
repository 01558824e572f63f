import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { type PaletteItem as Found, usePaletteItems } from './use-palette-items.ts';

/** Ctrl-K: a field for going to any screen, repository or installation. */
export function Palette({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-xl border border-line-strong bg-surface shadow-2xl outline-none">
          <Dialog.Title className="sr-only">Go to anything</Dialog.Title>
          <PaletteList close={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteList({ close }: { close: () => void }) {
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const items = usePaletteItems(text);
  const index = Math.min(chosen, items.length - 1);
  const list = useRef<HTMLUListElement>(null);
  // The arrow keys also reach entries that are scrolled out of view.
  useEffect(() => {
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' });
  }, [index]);

  function go(href: string | undefined): void {
    if (href === undefined) return;
    close();
    navigate(href);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setChosen((index + step + items.length) % items.length);
    }
    if (event.key === 'Enter') go(items[index]?.href);
  }

  return (
    <>
      <PaletteField
        text={text}
        active={items[index] === undefined ? undefined : `palette-${index}`}
        onText={(typed) => {
          setText(typed);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label="Found"
        className="max-h-80 overflow-y-auto p-1.5"
      >
        {items.map((item, place) => (
          <PaletteItem
            key={item.href}
            item={item}
            id={`palette-${place}`}
            isChosen={place === index}
            choose={() => setChosen(place)}
            go={() => go(item.href)}
          />
        ))}
        {items.length === 0 && (
          <li className="px-2.5 py-6 text-center text-muted">Nothing is called that.</li>
        )}
      </ul>
      <PaletteKeys />
    </>
  );
}

interface PaletteFieldProps {
  text: string;
  /** the id of the chosen entry */
  active: string | undefined;
  onText: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function PaletteField({ text, active, onText, onKeyDown }: PaletteFieldProps) {
  return (
    <input
      role="combobox"
      aria-expanded
      aria-controls="palette-list"
      aria-activedescendant={active}
      aria-label="Screen, repository or account"
      placeholder="Screen, repository or account…"
      value={text}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={onKeyDown}
      className="h-12 w-full border-b border-line bg-transparent px-4 outline-none"
    />
  );
}

interface PaletteItemProps {
  item: Found;
  id: string;
  isChosen: boolean;
  choose: () => void;
  go: () => void;
}

function PaletteItem({ item, id, isChosen, choose, go }: PaletteItemProps) {
  const { name, kind, icon: Icon, keys } = item;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above has the keys
    <li
      id={id}
      role="option"
      aria-selected={isChosen}
      onClick={go}
      onMouseMove={choose}
      className={`flex cursor-pointer items-center gap-3 rounded-md px-2.5 py-2 text-[0.8125rem] ${isChosen ? 'bg-raised' : ''}`}
    >
      <Icon aria-hidden size={15} className="shrink-0 text-muted" />
      <span dir="auto" className="grow truncate">
        {name}
      </span>
      <span className="text-xs text-muted">{keys ?? kind}</span>
    </li>
  );
}

function PaletteKeys() {
  return (
    <p className="border-t border-line px-4 py-2 text-xs text-muted">
      ↑ ↓ choose · Enter go · Esc close · <kbd className="font-sans">/</kbd> filter a list ·{' '}
      <kbd className="font-sans">g</kbd> then a letter goes to a screen
    </p>
  );
}
