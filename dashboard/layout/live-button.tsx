import { Pause, Play } from 'lucide-react';
import { usePulse } from '../api/pulse.tsx';
import { Button } from '../ui/button.tsx';

const words = { live: 'Live', paused: 'Paused', away: 'Reconnecting' } as const;

/** Whether the page updates itself. */
export function LiveButton() {
  const { state, setPaused } = usePulse();
  const isPaused = state === 'paused';
  return (
    <Button
      look="quiet"
      icon={isPaused ? Play : Pause}
      aria-pressed={isPaused}
      title={isPaused ? 'Resume updates' : 'The page updates itself: pause'}
      onClick={() => setPaused(!isPaused)}
    >
      <span className="sr-only sm:not-sr-only">{words[state]}</span>
    </Button>
  );
}
