import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { usePulse } from '../api/pulse.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

/**
 * Shown instead of a screen that could not be loaded or rendered: it reloads when the API is back, or on
 * demand.
 */
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
            ? 'The API does not answer. The screen will load when it is back.'
            : 'The API now serves another version of it, or it has a defect; if so, see the browser’s console.'}
        </p>
        <Button onClick={() => location.reload()}>Reload</Button>
      </EmptyState>
    </Page>
  );
}
