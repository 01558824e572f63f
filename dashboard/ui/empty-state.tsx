import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** what will appear here, and the next step */
  children: ReactNode;
}

export function EmptyState({ icon: Icon, title, children }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-xl flex-col items-center gap-2 px-6 py-10 text-center">
      <Icon aria-hidden size={22} className="text-muted" />
      <p className="font-medium">{title}</p>
      <div className="text-muted">{children}</div>
    </div>
  );
}
