import { useEffect } from 'react';

/** The title of the browser's tab. Null leaves it to another part of the screen. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    if (title !== null) document.title = `${title} · github-auto-sync`;
  }, [title]);
}
