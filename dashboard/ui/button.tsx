import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

const looks = {
  primary: 'border-transparent bg-accent-solid text-white hover:brightness-110',
  plain: 'border-line-strong bg-surface text-fg hover:bg-raised',
  quiet: 'border-transparent text-muted hover:bg-raised hover:text-fg',
};

interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof looks;
  icon?: LucideIcon;
  busy?: boolean;
  children?: ReactNode;
}

/**
 * `busy` shows that it is working and keeps it in place. It then does nothing but is not disabled: a disabled button
 * loses the focus.
 */
export function Button({
  look = 'plain',
  icon: Icon,
  busy = false,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy}
      aria-disabled={busy || undefined}
      {...rest}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(look)} ${className ?? ''}`}
    >
      {Icon !== undefined && <Icon aria-hidden size={14} className={busy ? 'animate-spin' : ''} />}
      {children}
    </button>
  );
}

export function buttonClass(look: keyof typeof looks): string {
  return `inline-flex h-8 items-center justify-center gap-1.5 rounded-md border px-3 text-[0.8125rem] font-medium whitespace-nowrap transition-colors disabled:opacity-60 aria-disabled:opacity-60 ${looks[look]}`;
}
