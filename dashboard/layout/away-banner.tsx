import { CloudOff } from 'lucide-react';

/** While older answers are still shown. */
export function AwayBanner() {
  return (
    <div role="alert" className="border-b border-line bg-warn-soft text-warn">
      <p className="mx-auto flex max-w-7xl items-center gap-2 px-4 py-2 text-[0.8125rem] font-medium sm:px-6">
        <CloudOff aria-hidden size={15} />
        The API does not answer. What you see is from before; this page asks again every two seconds.
      </p>
    </div>
  );
}
