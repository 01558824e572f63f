import { Menu } from '@base-ui/react/menu';
import { Check, Settings2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePreferences, type Preferences } from '../preferences/preferences.ts';

/** This browser's display preferences, and signing out. */
export function PreferencesMenu() {
  const [preferences, change] = usePreferences();
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label="Display settings"
        className="flex h-8 w-8 items-center justify-center rounded-md text-muted hover:bg-raised hover:text-fg"
      >
        <Settings2 aria-hidden size={15} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className="z-40">
          <Menu.Popup className="min-w-44 rounded-lg border border-line-strong bg-surface p-1 text-[0.8125rem] shadow-lg outline-none">
            <Choices<Preferences['theme']>
              label="Theme"
              value={preferences.theme}
              options={[
                ['system', 'System'],
                ['light', 'Light'],
                ['dark', 'Dark'],
              ]}
              onChange={(theme) => change({ theme })}
            />
            <Choices<Preferences['zone']>
              label="Times"
              value={preferences.zone}
              options={[
                ['local', 'Local'],
                ['utc', 'UTC'],
              ]}
              onChange={(zone) => change({ zone })}
            />
            <Menu.Separator className="my-1 h-px bg-line" />
            <Menu.LinkItem href="/docs" className={itemClass}>
              API documentation
            </Menu.LinkItem>
            <Menu.Item className={itemClass} onClick={() => void signOut()}>
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

async function signOut(): Promise<void> {
  await fetch('/api/login/', { method: 'DELETE' });
  location.reload();
}

const itemClass =
  'flex cursor-pointer items-center justify-between gap-6 rounded-md px-2.5 py-1.5 outline-none data-highlighted:bg-raised';

interface ChoicesProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, ReactNode])[];
  onChange: (value: T) => void;
}

function Choices<T extends string>({ label, value, options, onChange }: ChoicesProps<T>) {
  return (
    <Menu.Group>
      <Menu.GroupLabel className="px-2.5 pt-2 pb-1 text-2xs font-medium text-muted">{label}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
        {options.map(([key, name]) => (
          <Menu.RadioItem key={key} value={key} closeOnClick={false} className={itemClass}>
            {name}
            <Menu.RadioItemIndicator>
              <Check aria-hidden size={14} />
            </Menu.RadioItemIndicator>
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}
