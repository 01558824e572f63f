import { toneFill, type Tone } from './tone.ts';

interface ProgressProps {
  label: string;
  value: number;
  max: number;
  tone?: Tone;
}

export function Progress({ label, value, max, tone = 'info' }: ProgressProps) {
  const share = max === 0 ? 0 : Math.min(1, value / max);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={`${value} of ${max}`}
      className="h-1.5 overflow-hidden rounded-full bg-raised"
    >
      <div
        className={`h-full rounded-full transition-[width] duration-500 ${toneFill[tone]}`}
        style={{ width: `${share * 100}%` }}
      />
    </div>
  );
}
