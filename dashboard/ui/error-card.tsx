import { CircleAlert, CloudOff, SearchX } from 'lucide-react';
import { Link, useLocation, useSearch } from 'wouter';
import type { ApiError } from '../api/request.ts';
import { Button, buttonClass } from './button.tsx';
import { sentence } from './format.ts';

/** One component for everything that could not be shown: what is wrong, what to do, a way back. */
export function ErrorCard({ error, retry }: { error: ApiError; retry?: () => void }) {
  const { icon: Icon, title, advice } = explain(error);
  const [location] = useLocation();
  const isFiltered = useSearch() !== '';
  return (
    <div role="alert" className="mx-auto flex max-w-xl flex-col items-center gap-2 px-6 py-12 text-center">
      <Icon aria-hidden size={24} className="text-bad" />
      <p className="text-base font-semibold">{title}</p>
      <p className="text-muted">{sentence(advice)}</p>
      {error.requestId !== null && error.status >= 500 && (
        <p className="font-mono text-xs text-muted">requestId {error.requestId}</p>
      )}
      <div className="mt-3 flex gap-2">
        {retry !== undefined && <Button onClick={retry}>Try again</Button>}
        {error.status === 400 && isFiltered && (
          <Link href={location} className={buttonClass('plain')}>
            Clear the filters
          </Link>
        )}
        {location !== '/' && (
          <Link href="/" className={buttonClass('plain')}>
            Go to the overview
          </Link>
        )}
      </div>
    </div>
  );
}

function explain(error: ApiError) {
  if (error.status === 0) {
    return {
      icon: CloudOff,
      title: 'The API does not answer',
      advice: 'It may be restarting: this page tries again by itself. Otherwise check that its process runs.',
    };
  }
  if (error.status === 400) {
    return {
      icon: SearchX,
      title: 'The API does not understand this address',
      advice: error.message.replace(/ Correct the request as the message says\.$/, ''),
    };
  }
  if (error.status === 404) {
    return { icon: SearchX, title: 'Nothing was found here', advice: error.message };
  }
  return { icon: CircleAlert, title: `The API answered ${error.code}`, advice: error.message };
}
