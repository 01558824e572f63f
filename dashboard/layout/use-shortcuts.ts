import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { screens } from './screens.ts';

const SEQUENCE_MS = 1000;

/** Ctrl-K and `?` open the palette, `/` focuses the filter, `g` and a letter open a screen. */
export function useShortcuts(openPalette: () => void): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    let wentAt = 0;
    function onKey(event: KeyboardEvent): void {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return openPalette();
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return undefined;
      if (event.key === '?') return openPalette();
      if (event.key === '/') {
        const filter = document.querySelector<HTMLInputElement>('[data-filter]');
        if (filter === null) return undefined;
        event.preventDefault();
        return filter.focus();
      }
      const screen = screens.find(({ key }) => key === event.key);
      if (Date.now() - wentAt < SEQUENCE_MS && screen !== undefined) navigate(screen.href);
      wentAt = event.key === 'g' ? Date.now() : 0;
      return undefined;
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, openPalette]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, select, textarea, [role=menu], [role=dialog]') !== null
  );
}
