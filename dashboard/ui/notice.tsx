import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { toneSoft, type Tone } from './tone.ts';

interface NoticeProps {
  tone: Tone;
  title: ReactNode;
  /** what to do about it */
  children?: ReactNode;
}

/** A notice to read before the rest of the screen. */
export function Notice({ tone, title, children }: NoticeProps) {
  const Icon = tone === 'bad' || tone === 'warn' ? CircleAlert : Info;
  return (
    <div className={`flex items-start gap-3 rounded-xl px-4 py-3 ${toneSoft[tone]}`}>
      <Icon aria-hidden size={17} className="mt-0.5 shrink-0" />
      <div className="min-w-0">
        <p className="font-medium break-words">{title}</p>
        {children !== undefined && <div className="text-fg">{children}</div>}
      </div>
    </div>
  );
}
