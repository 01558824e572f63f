import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { usePulse } from '../api/pulse.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

/** Instead of a screen that could not be loaded or drawn: it is loaded again when the API is back, or when told so. */
export function FailedScreen() {
  const { state } = usePulse();
  const wasAway = useRef(false);
  useEffect(() => {
    if (wasAway.current && state === 'live') location.reload();
    wasAway.current = state === 'away';
  }, [state]);
  return (
    <Page title="This screen could not be shown" plain>
      <EmptyState icon={TriangleAlert} title="This screen could not be shown">
        <p role="alert" className="mb-4">
          {state === 'away'
            ? 'The API does not answer. The screen is loaded when it is back.'
            : 'The API serves another version of it by now, or it has a defect: then the browser’s console says which.'}
        </p>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </EmptyState>
    </Page>
  );
}
