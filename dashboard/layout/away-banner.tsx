import { CloudOff } from 'lucide-react';
import { sentence } from '../ui/format.ts';

/** Shown while older answers are still on screen. `refusal`: the API's error. */
export function AwayBanner({ refusal }: { refusal: string | null }) {
  return (
    <div role="alert" className="border-b border-line bg-warn-soft text-warn">
      <p className="mx-auto flex max-w-7xl items-center gap-2 px-4 py-2 text-[0.8125rem] font-medium sm:px-6">
        <CloudOff aria-hidden size={15} className="shrink-0" />
        <span className="min-w-0 break-words">
          {sentence(refusal ?? 'The API does not answer')} What you see may be out of date; this page tries
          again every two seconds.
        </span>
      </p>
    </div>
  );
}
