import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';

const words = { ready: 'Copy', copied: 'Copied', refused: 'Select and copy it yourself' };

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<keyof typeof words>('ready');
  async function copy(): Promise<void> {
    try {
      // Missing if the page was loaded over plain HTTP from another machine, and rejected if the user denied
      // it.
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('refused');
    }
    window.setTimeout(() => setState('ready'), 3000);
  }
  return (
    <Button
      look="quiet"
      icon={state === 'copied' ? Check : Copy}
      onClick={() => void copy()}
      aria-label={state === 'ready' ? `Copy ${what}` : words[state]}
    >
      {words[state]}
    </Button>
  );
}
