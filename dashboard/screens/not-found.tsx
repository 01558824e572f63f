import { SearchX } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

export function NotFound() {
  const [location] = useLocation();
  return (
    <Page title="Page not found">
      <EmptyState icon={SearchX} title="There is no page at this address">
        <p className="mb-4 break-all">{location}</p>
        <Link href="/" className={buttonClass('plain')}>
          Go to the overview
        </Link>
      </EmptyState>
    </Page>
  );
}
