/** The colour of a state. Never the only sign of it: there is always an icon and a word. */
export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'quiet';

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  info: 'text-accent',
  warn: 'text-warn',
  bad: 'text-bad',
  quiet: 'text-muted',
};

export const toneSoft: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  info: 'bg-accent-soft text-accent',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  quiet: 'bg-raised text-muted',
};

export const toneFill: Record<Tone, string> = {
  ok: 'bg-ok-fill',
  info: 'bg-accent',
  warn: 'bg-warn-fill',
  bad: 'bg-bad-fill',
  quiet: 'bg-muted',
};
