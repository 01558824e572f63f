import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { buttonClass } from './button.tsx';

/**
 * A link to another screen. Names may come from anyone: `dir` keeps right-to-left ones from reversing the line.
 */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      dir="auto"
      className="font-medium text-fg underline-offset-3 hover:text-accent hover:underline"
    >
      {children}
    </Link>
  );
}

/** A link out of the dashboard. */
export function OutLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="text-accent underline decoration-line-strong underline-offset-3 hover:decoration-current"
    >
      {children}
      <span className="sr-only"> (opens another page)</span>
    </a>
  );
}

/** The same as one of a screen's actions. */
export function OutButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={buttonClass('plain')}>
      {children}
      <ExternalLink aria-hidden size={13} className="text-muted" />
      <span className="sr-only"> (opens another page)</span>
    </a>
  );
}
