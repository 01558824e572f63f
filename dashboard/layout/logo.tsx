export function Logo() {
  return (
    <svg aria-hidden width="24" height="24" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="8" fill="var(--color-accent-solid)" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M23.5 13.2A8 8 0 0 0 9.2 11.6" />
        <path d="M9 7.4v4.4h4.4" />
        <path d="M8.5 18.8a8 8 0 0 0 14.3 1.6" />
        <path d="M23 24.6v-4.4h-4.4" />
      </g>
    </svg>
  );
}
