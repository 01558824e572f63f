import { ChevronDown } from 'lucide-react';

interface SelectProps {
  label: string;
  value: string;
  /** the label of an unset filter */
  all?: string;
  options: readonly (readonly [value: string, name: string])[];
  /** where the others are, if these are not all */
  more?: string;
  onChange: (value: string) => void;
}

/** The browser's own select: it works with every keyboard, screen reader and phone. */
export function Select({ label, value, all, options, more, onChange }: SelectProps) {
  // The address may set a value that is not an option: an active filter is always shown.
  const isKnown = value === '' || options.some(([key]) => key === value);
  return (
    <span className="relative inline-flex max-w-full">
      <select
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="field-sizing-content h-8 max-w-full min-w-0 appearance-none truncate rounded-md border border-line-strong bg-surface pr-8 pl-2.5 text-[0.8125rem] hover:bg-raised"
      >
        {all !== undefined && <option value="">{all}</option>}
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
        {more !== undefined && <option disabled>{more}</option>}
        {!isKnown && <option value={value}>{value}</option>}
      </select>
      <ChevronDown
        aria-hidden
        size={14}
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
