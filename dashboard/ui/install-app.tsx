import type { ReactNode } from 'react';
import { usePulse } from '../api/pulse.tsx';
import { buttonClass } from './button.tsx';

/**
 * How to add an installation: a button that leads there, if the App's page is known. `children`: what happens
 * then.
 */
export function InstallApp({ children }: { children: ReactNode }) {
  const url = usePulse().pulse?.install_url ?? null;
  if (url === null)
    return <p>Install the GitHub App on an account: on its settings page, under “Install App”. {children}</p>;
  return (
    <>
      <p>Install the GitHub App on an account. {children}</p>
      <p className="mt-3">
        <a href={url} target="_blank" rel="noreferrer" className={buttonClass('primary')}>
          Install the App at GitHub<span className="sr-only"> (opens another page)</span>
        </a>
      </p>
    </>
  );
}
