import { Toast } from '@base-ui/react/toast';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, request } from './request.ts';

export interface ActionResult {
  title: string;
  description?: string;
  /** where the result can be seen */
  href?: string;
}

interface Action<T> {
  method?: 'POST' | 'DELETE';
  path: string;
  /** what the answer means, in a sentence */
  told: (answer: T) => ActionResult;
  /** the heading for a refusal: "app was not compared" */
  refused: string;
}

/** An action of a button: busy at once, then a toast with the result, or the refusal as a sentence. */
export function useAction<T>(action: Action<T>): { run: () => void; busy: boolean } {
  const toasts = Toast.useToastManager();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);

  async function run(): Promise<void> {
    setBusy(true);
    try {
      const answer = await request<T>(action.path, { method: action.method ?? 'POST' });
      const { title, description, href } = action.told(answer);
      toasts.add({ type: 'ok', title, description, data: { href } });
    } catch (error) {
      const description = error instanceof ApiError ? error.message : String(error);
      toasts.add({ type: 'bad', priority: 'high', timeout: 12_000, title: action.refused, description });
    } finally {
      setBusy(false);
      await client.invalidateQueries();
    }
  }
  return { run: () => void run(), busy };
}
