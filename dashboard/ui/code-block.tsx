/** Text as it is. It scrolls by itself along its lines and, if it `isLong`, also down. */
export function CodeBlock({ text, isLong = false }: { text: string; isLong?: boolean }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <pre
      tabIndex={0}
      className={`${isLong ? 'max-h-[32rem] overflow-auto' : 'overflow-x-auto'} rounded-lg bg-raised p-3 font-mono text-xs leading-relaxed`}
    >
      {text}
    </pre>
  );
}
