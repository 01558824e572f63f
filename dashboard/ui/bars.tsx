interface Bar {
  /** what the bar stands for, such as an hour or a week */
  name: string;
  /** null: there was nothing to measure */
  value: number | null;
  /** part of the value that went wrong */
  bad?: number;
}

interface BarsProps {
  /** what is counted, for people who do not see the bars */
  label: string;
  bars: readonly Bar[];
  height?: number;
  format?: (value: number) => string;
  /** what stands below the first and the last bar */
  ends?: readonly [first: string, last: string];
}

/** A small bar chart, with a table of the same figures for screen readers. */
export function Bars({ label, bars, height = 56, format = String, ends }: BarsProps) {
  const most = Math.max(1, ...bars.map(({ value }) => value ?? 0));
  const width = 100 / Math.max(1, bars.length);
  return (
    <figure className="m-0">
      <svg
        aria-hidden
        width="100%"
        height={height}
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
        className="block overflow-visible"
      >
        {bars.map(({ name, value: measured, bad = 0 }, index) => {
          const value = measured ?? 0;
          const tall = value === 0 ? 1.5 : Math.max(3, (value / most) * height);
          const badTall = value === 0 ? 0 : (bad / value) * tall;
          const x = index * width + width * 0.14;
          const fill = value === 0 ? 'var(--color-line)' : 'var(--color-chart)';
          return (
            <g key={name}>
              <title>{`${name}: ${words(measured, bad, format)}`}</title>
              <rect x={index * width} y={0} width={width} height={height} fill="transparent" />
              <rect x={x} y={height - tall} width={width * 0.72} height={tall} fill={fill} />
              {bad > 0 && (
                <rect
                  x={x}
                  y={height - badTall}
                  width={width * 0.72}
                  height={badTall}
                  fill="var(--color-bad-fill)"
                />
              )}
            </g>
          );
        })}
      </svg>
      {ends !== undefined && (
        <div aria-hidden className="mt-1 flex justify-between text-2xs text-muted">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </div>
      )}
      <table className="sr-only">
        <caption>{label}</caption>
        <tbody>
          {bars.map(({ name, value, bad = 0 }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{words(value, bad, format)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function words(value: number | null, bad: number, format: (value: number) => string): string {
  if (value === null) return 'none';
  return bad > 0 ? `${format(value)}, ${format(bad)} failed` : format(value);
}
