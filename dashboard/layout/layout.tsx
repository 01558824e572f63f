import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { usePulse } from '../api/pulse.tsx';
import { AwayBanner } from './away-banner.tsx';
import { HealthPill } from './health-pill.tsx';
import { LiveButton } from './live-button.tsx';
import { Logo } from './logo.tsx';
import { Palette } from './palette.tsx';
import { PaletteButton } from './palette-button.tsx';
import { PreferencesMenu } from './preferences-menu.tsx';
import { Tabs } from './tabs.tsx';
import { useArrival } from './use-arrival.ts';
import { useShortcuts } from './use-shortcuts.ts';

/** The frame around every screen. */
export function Layout({ children }: { children: ReactNode }) {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const { state, refusal } = usePulse();
  useShortcuts(() => setPaletteOpen(true));
  useArrival('content');
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface focus:p-2"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-surface/95 backdrop-blur">
        <div className="mx-auto flex h-13 max-w-7xl items-center gap-3 px-4 sm:px-6">
          <Link href="/" className="flex items-center gap-2.5 font-semibold tracking-tight">
            <Logo />
            <span className="sr-only sm:not-sr-only">github-auto-sync</span>
          </Link>
          <HealthPill />
          <div className="ml-auto flex items-center gap-1">
            <PaletteButton onOpen={() => setPaletteOpen(true)} />
            <LiveButton />
            <PreferencesMenu />
          </div>
        </div>
        <Tabs />
      </header>
      {state === 'away' && <AwayBanner refusal={refusal} />}
      <main id="content" tabIndex={-1} className="mx-auto max-w-7xl px-4 py-6 outline-none sm:px-6">
        {children}
      </main>
      <Palette isOpen={isPaletteOpen} onOpenChange={setPaletteOpen} />
    </>
  );
}
