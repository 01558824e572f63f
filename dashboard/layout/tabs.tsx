import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { screens } from './screens.ts';

/** Links to every screen; scrolls sideways in a narrow window. */
export function Tabs() {
  const [location] = useLocation();
  const list = useRef<HTMLUListElement>(null);
  // If they do not all fit, the current one is always visible.
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [location]);
  return (
    <nav
      aria-label="Screens"
      className="mx-auto max-w-7xl overflow-x-auto px-2 [scrollbar-width:none] max-sm:[mask-image:linear-gradient(to_right,black_calc(100%-2.5rem),transparent)] sm:px-4"
    >
      <ul ref={list} className="flex max-sm:w-max max-sm:pr-8">
        {screens.map(({ href, name }) => {
          const isHere = href === '/' ? location === '/' : location.startsWith(href);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={isHere ? 'page' : undefined}
                className={`block border-b-2 px-2 py-2 text-[0.8125rem] whitespace-nowrap -outline-offset-2 ${
                  isHere ? 'border-accent font-medium text-fg' : 'border-transparent text-muted hover:text-fg'
                }`}
              >
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
