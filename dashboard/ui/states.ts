import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleSlash,
  CircleX,
  Clock,
  LoaderCircle,
  RotateCw,
  type LucideIcon,
} from 'lucide-react';
import type { Tone } from './tone.ts';

export interface State {
  word: string;
  icon: LucideIcon;
  tone: Tone;
}

/** Every state that the API names: its word, its icon, its colour. */
const states = {
  // repositories
  fresh: { word: 'Fresh', icon: CircleCheck, tone: 'ok' },
  catching_up: { word: 'Catching up', icon: RotateCw, tone: 'info' },
  late: { word: 'Late', icon: Clock, tone: 'warn' },
  needs_you: { word: 'Needs attention', icon: CircleAlert, tone: 'bad' },
  paused: { word: 'Paused', icon: CirclePause, tone: 'quiet' },
  removed: { word: 'Removed', icon: CircleSlash, tone: 'quiet' },
  // jobs
  running: { word: 'Running', icon: LoaderCircle, tone: 'info' },
  completed: { word: 'Completed', icon: CircleCheck, tone: 'ok' },
  partial: { word: 'Partial', icon: CircleDot, tone: 'warn' },
  failed: { word: 'Failed', icon: CircleX, tone: 'bad' },
  cancelled: { word: 'Cancelled', icon: Ban, tone: 'quiet' },
  // deliveries
  pending: { word: 'Pending', icon: CircleDashed, tone: 'info' },
  processed: { word: 'Processed', icon: CircleCheck, tone: 'ok' },
  ignored: { word: 'Ignored', icon: CircleSlash, tone: 'quiet' },
  // reviews
  draft: { word: 'Draft', icon: CircleDashed, tone: 'quiet' },
  unreviewed: { word: 'Awaiting review', icon: Clock, tone: 'warn' },
  reviewed: { word: 'Reviewed', icon: CircleDot, tone: 'info' },
  approved: { word: 'Approved', icon: CircleCheck, tone: 'ok' },
  // health
  healthy: { word: 'Healthy', icon: CircleCheck, tone: 'ok' },
  degraded: { word: 'Degraded', icon: CircleAlert, tone: 'warn' },
  unhealthy: { word: 'Unhealthy', icon: CircleX, tone: 'bad' },
  unknown: { word: 'Unknown', icon: CircleDashed, tone: 'quiet' },
  // dependencies
  up: { word: 'Up', icon: CircleCheck, tone: 'ok' },
  limited: { word: 'Limited', icon: Clock, tone: 'warn' },
  down: { word: 'Down', icon: CircleX, tone: 'bad' },
} as const satisfies Record<string, State>;

type StateName = keyof typeof states;

export function stateOf(name: string): State {
  return Object.hasOwn(states, name)
    ? states[name as StateName]
    : { word: name, icon: CircleDashed, tone: 'quiet' };
}

export const jobTypes: Record<string, string> = {
  installation_import: 'Import',
  periodic_sweep: 'Sweep',
  webhook: 'Webhook round',
  repository_sync: 'Comparison',
};

export const triggers: Record<string, string> = {
  webhook: 'webhook',
  schedule: 'schedule',
  manual: 'by hand',
  recovery: 'recovery',
};
