import { KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { ApiError, request } from '../api/request.ts';
import { Logo } from '../layout/logo.tsx';
import { Button } from '../ui/button.tsx';

/** Asks for the token once; the browser keeps it where no script can read it. */
export function Login({ onSuccess }: { onSuccess: () => void }) {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  async function submit(): Promise<void> {
    setBusy(true);
    try {
      const body = JSON.stringify({ token });
      await request('/api/login/', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      onSuccess();
    } catch (error) {
      const wrong = error instanceof ApiError && error.status === 401;
      setFault(
        wrong ? 'This is not the API’s token.' : error instanceof Error ? error.message : String(error),
      );
    } finally {
      setToken('');
      setBusy(false);
    }
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    void submit();
  }

  return (
    <main className="mx-auto flex min-h-screen max-w-sm flex-col justify-center gap-5 px-4">
      <div className="flex items-center gap-2.5">
        <Logo />
        <h1 className="text-lg font-semibold tracking-tight">github-auto-sync</h1>
      </div>
      <form onSubmit={onSubmit} className="space-y-3 rounded-xl border border-line bg-surface p-5">
        <TokenField token={token} onChange={setToken} isWrong={fault !== null} />
        <p role="alert" className="text-[0.8125rem] text-bad empty:hidden">
          {fault}
        </p>
        <Button type="submit" look="primary" icon={KeyRound} busy={busy} className="w-full">
          Sign in
        </Button>
      </form>
    </main>
  );
}

interface TokenFieldProps {
  token: string;
  onChange: (token: string) => void;
  isWrong: boolean;
}

function TokenField({ token, onChange, isWrong }: TokenFieldProps) {
  return (
    <>
      <label className="block space-y-1.5">
        <span className="font-medium">Token</span>
        <input
          type="password"
          name="token"
          autoComplete="current-password"
          required
          value={token}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={isWrong}
          aria-describedby="token-help"
          className="h-9 w-full rounded-md border border-line-strong bg-surface px-3"
        />
      </label>
      <p id="token-help" className="text-xs text-muted">
        The value of <code className="font-mono">SYNC_API_TOKEN</code>. It is kept for 30 days in a cookie of
        this browser that no page can read.
      </p>
    </>
  );
}
