import { Toast } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { Link } from 'wouter';

/** Results of actions, at the lower edge. */
export function Toasts() {
  const { toasts } = Toast.useToastManager<{ href?: string }>();
  return (
    <Toast.Portal>
      <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 outline-none">
        {toasts.map((toast) => (
          <Toast.Root
            key={toast.id}
            toast={toast}
            className="rounded-lg border border-line-strong bg-surface p-3 shadow-lg transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            <Toast.Content className="flex items-start gap-2.5 text-[0.8125rem]">
              {toast.type === 'bad' ? (
                <CircleAlert aria-label="Refused" size={16} className="mt-0.5 shrink-0 text-bad" />
              ) : (
                <CircleCheck aria-label="Done" size={16} className="mt-0.5 shrink-0 text-ok" />
              )}
              <div className="min-w-0 grow">
                <Toast.Title className="font-medium break-words" />
                <Toast.Description className="mt-0.5 break-words text-muted" />
                {toast.data?.href !== undefined && (
                  <Link href={toast.data.href} className="text-accent hover:underline">
                    Show details
                  </Link>
                )}
              </div>
              <Toast.Close aria-label="Close" className="text-muted hover:text-fg">
                <X aria-hidden size={14} />
              </Toast.Close>
            </Toast.Content>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
