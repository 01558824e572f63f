interface SelectProps {
  label: string;
  value: string;
  /** what an unset filter is called */
  all?: string;
  options: readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
}

/** The browser's own select: it works with every keyboard, screen reader and phone. */
export function Select({ label, value, all, options, onChange }: SelectProps) {
  // An address may set what is none of the options: a filter that works is shown.
  const isKnown = value === '' || options.some(([key]) => key === value);
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="h-8 max-w-full rounded-md border border-line-strong bg-surface px-2 text-[0.8125rem] hover:bg-raised"
    >
      {all !== undefined && <option value="">{all}</option>}
      {options.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
      {!isKnown && <option value={value}>{value}</option>}
    </select>
  );
}
