import { useSyncExternalStore } from 'react';

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  zone: 'local' | 'utc';
}

const KEY = 'preferences';
const listeners = new Set<() => void>();
let current: Preferences = read();

/** What the user chose in this browser, and how to change it. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  return [useSyncExternalStore(subscribe, () => current), change];
}

/** Applies the chosen theme to the page; `system` leaves it to the browser. */
export function applyTheme(): void {
  const { theme } = current;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

function change(changes: Partial<Preferences>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage is disabled: the choice lasts until the page is closed.
  }
  applyTheme();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
    return { theme: stored.theme ?? 'system', zone: stored.zone ?? 'local' };
  } catch {
    return { theme: 'system', zone: 'local' };
  }
}
