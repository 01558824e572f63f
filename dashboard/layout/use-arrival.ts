import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/**
 * A screen that is gone to is seen from its top, and the keyboard goes on in it, as with a page of its own. Back and
 * Forward are left to the browser, which knows how far each was scrolled.
 */
export function useArrival(content: string): void {
  const [location] = useLocation();
  const arrived = useRef(location);
  const isByHistory = useRef(false);
  useEffect(() => {
    const note = () => (isByHistory.current = true);
    window.addEventListener('popstate', note);
    return () => window.removeEventListener('popstate', note);
  }, []);
  useEffect(() => {
    const from = arrived.current;
    const byHistory = isByHistory.current;
    arrived.current = location;
    isByHistory.current = false;
    if (from === location || byHistory || isWithin('/questions', from, location)) return;
    window.scrollTo(0, 0);
    document.getElementById(content)?.focus({ preventScroll: true });
  }, [location, content]);
}

/** One entry of a list beside its content to the next: the list keeps the keyboard. */
function isWithin(screen: string, ...locations: string[]): boolean {
  return locations.every((location) => location === screen || location.startsWith(`${screen}/`));
}
