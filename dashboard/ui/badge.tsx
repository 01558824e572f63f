import { stateOf } from './states.ts';
import { toneSoft, toneText } from './tone.ts';

/** A state as an icon and a word. */
export function StateBadge({ state }: { state: string }) {
  const { word, icon: Icon, tone } = stateOf(state);
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${toneSoft[tone]}`}
    >
      <Icon aria-hidden size={13} className={state === 'running' ? 'animate-spin' : ''} />
      {/* Its baseline is the word's, not the icon's. */}
      <span className="self-baseline">{word}</span>
    </span>
  );
}

/** The same without a background, for table rows. */
export function StateText({ state }: { state: string }) {
  const { word, icon: Icon, tone } = stateOf(state);
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${toneText[tone]}`}>
      <Icon aria-hidden size={14} className={state === 'running' ? 'animate-spin' : ''} />
      {/* Its baseline is the word's, not the icon's. */}
      <span className="self-baseline">{word}</span>
    </span>
  );
}

/** A small fact beside a name: private, archived, draft, a label. */
export function Tag({ children }: { children: string }) {
  return (
    <span
      dir="auto"
      className="inline-block max-w-48 truncate rounded-md border border-line px-1.5 align-middle text-2xs leading-4 text-muted"
    >
      {children}
    </span>
  );
}
