import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/**
 * A screen that is opened starts at its top and gets the keyboard focus, like a page load. Back and Forward are
 * left to the browser, which remembers scroll positions.
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

/** When moving from one entry to the next in a list beside its content, the list keeps the focus. */
function isWithin(screen: string, ...locations: string[]): boolean {
  return locations.every((location) => location === screen || location.startsWith(`${screen}/`));
}
