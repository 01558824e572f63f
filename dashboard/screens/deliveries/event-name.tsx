import { Fragment } from 'react';

interface Named {
  event: string;
  action: string | null;
}

/** `issues.opened`, `push`. */
export function eventName({ event, action }: Named): string {
  return action === null ? event : `${event}.${action}`;
}

/**
 * The same, with possible line breaks after each `_` and `.`: on a phone the longest does not fit on one line.
 */
export function EventName({ of }: { of: Named }) {
  return eventName(of)
    .split(/(?<=[_.])/)
    .map((part, place) => (
      // oxlint-disable-next-line react/no-array-index-key -- parts of a text have no name of their own
      <Fragment key={place}>
        {part}
        <wbr />
      </Fragment>
    ));
}
