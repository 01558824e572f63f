import { Children, type ReactNode } from 'react';

/** Small facts below a title, separated by dots; they wrap. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    // The dot before the first fact of each line is outside and cut off; a focus ring is not.
    <div className="overflow-clip [overflow-clip-margin:4px]">
      <div className="-ml-5 flex flex-wrap items-center gap-y-1.5">
        {Children.map(
          children,
          (fact) =>
            Boolean(fact) && (
              <span className="flex items-center before:w-5 before:text-center before:content-['·']">
                {fact}
              </span>
            ),
        )}
      </div>
    </div>
  );
}
