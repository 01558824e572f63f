import { useState, type KeyboardEvent } from 'react';

interface Bar {
  /** what the bar stands for, such as an hour or a week */
  name: string;
  /** null: there was nothing to measure */
  value: number | null;
  /** the part of the value that failed */
  bad?: number;
}

interface BarsProps {
  /** what is counted, for people who cannot see the bars */
  label: string;
  bars: readonly Bar[];
  height?: number;
  format?: (value: number) => string;
  /** the labels below the first and the last bar */
  ends: readonly [first: string, last: string];
}

/**
 * A small bar chart with axes. The bar under the pointer, or chosen with the arrow keys, shows its value;
 * screen readers get a table of the same figures.
 */
export function Bars({ label, bars, height = 56, format = String, ends }: BarsProps) {
  const [active, setActive] = useState<number | null>(null);
  const most = Math.max(0, ...bars.map(({ value }) => value ?? 0));
  const width = 100 / Math.max(1, bars.length);
  const shown = active === null ? undefined : bars[active];

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((at) => Math.min(bars.length - 1, Math.max(0, (at ?? bars.length) + step)));
    }
    if (event.key === 'Escape') setActive(null);
  }

  return (
    <figure className="m-0">
      <div className="flex gap-2">
        <Scale height={height} most={most > 0 ? format(most) : ''} />
        {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- the arrow keys go from bar to bar */}
        <div
          role="group"
          aria-label={`${label}: use the arrow keys to read the values`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setActive(null)}
          onBlur={() => setActive(null)}
          className="relative min-w-0 grow border-t border-dashed border-line"
        >
          {/* oxlint-enable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
          <Columns bars={bars} height={height} most={most} active={active} onEnter={setActive} />
          {active !== null && shown !== undefined && (
            <Tooltip
              bar={shown}
              format={format}
              left={(active + 0.5) * width}
              shift={(active / Math.max(1, bars.length - 1)) * 100}
            />
          )}
          <Ends ends={ends} />
        </div>
      </div>
      <FigureTable label={label} bars={bars} format={format} />
    </figure>
  );
}

interface ColumnsProps {
  bars: readonly Bar[];
  height: number;
  /** the largest value */
  most: number;
  active: number | null;
  onEnter: (index: number) => void;
}

function Columns({ bars, height, most, active, onEnter }: ColumnsProps) {
  const width = 100 / Math.max(1, bars.length);
  return (
    <svg
      aria-hidden
      width="100%"
      height={height}
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      className="block"
    >
      {bars.map((bar, index) => (
        <Column
          // oxlint-disable-next-line react/no-array-index-key -- by the clock an hour comes twice where summer ends
          key={index}
          bar={bar}
          x={index * width}
          width={width}
          height={height}
          most={most}
          isActive={index === active}
          onEnter={() => onEnter(index)}
        />
      ))}
    </svg>
  );
}

function Ends({ ends: [first, last] }: Pick<BarsProps, 'ends'>) {
  return (
    <div aria-hidden className="mt-1 flex justify-between text-2xs text-muted">
      <span>{first}</span>
      <span>{last}</span>
    </div>
  );
}

function Scale({ height, most }: { height: number; most: string }) {
  return (
    <div
      aria-hidden
      className="flex flex-col justify-between text-right text-2xs leading-none text-muted tabular-nums"
      style={{ height }}
    >
      <span>{most}</span>
      <span>0</span>
    </div>
  );
}

interface TooltipProps {
  bar: Bar;
  format: (value: number) => string;
  /** per cent of the chart's width, and how far it is shifted back by its own width, so that it stays inside */
  left: number;
  shift: number;
}

function Tooltip({ bar, format, left, shift }: TooltipProps) {
  return (
    <div
      role="status"
      className="pointer-events-none absolute bottom-full z-10 mb-1 rounded-md border border-line-strong bg-surface px-2 py-1 text-xs whitespace-nowrap shadow-lg"
      style={{
        left: `${left}%`,
        transform: `translateX(-${shift}%)`,
      }}
    >
      <span className="text-muted">{bar.name}</span>{' '}
      <span className="font-medium tabular-nums">{words(bar, format)}</span>
    </div>
  );
}

function FigureTable({
  label,
  bars,
  format,
}: {
  label: string;
  bars: readonly Bar[];
  format: (value: number) => string;
}) {
  return (
    <table className="sr-only">
      <caption>{label}</caption>
      <tbody>
        {bars.map((bar, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- as above
          <tr key={index}>
            <th scope="row">{bar.name}</th>
            <td>{words(bar, format)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ColumnProps {
  bar: Bar;
  x: number;
  width: number;
  height: number;
  most: number;
  isActive: boolean;
  onEnter: () => void;
}

function Column({ bar, x, width, height, most, isActive, onEnter }: ColumnProps) {
  const { value: measured, bad = 0 } = bar;
  const value = measured ?? 0;
  const tall = value === 0 ? 1.5 : Math.max(3, (value / most) * height);
  const badTall = value === 0 ? 0 : (bad / value) * tall;
  const place = { x: x + width * 0.14, width: width * 0.72 };
  const fill = isActive ? 'var(--color-chart-strong)' : 'var(--color-chart)';
  return (
    <g onPointerEnter={onEnter} onPointerDown={onEnter}>
      <rect
        x={x}
        y={0}
        width={width}
        height={height}
        fill={isActive ? 'var(--color-raised)' : 'transparent'}
      />
      <rect {...place} y={height - tall} height={tall} fill={value === 0 ? 'var(--color-line)' : fill} />
      {bad > 0 && <rect {...place} y={height - badTall} height={badTall} fill="var(--color-bad-fill)" />}
    </g>
  );
}

function words({ value, bad = 0 }: Bar, format: (value: number) => string): string {
  if (value === null) return 'none';
  return bad > 0 ? `${format(value)}, ${format(bad)} failed` : format(value);
}
