/** The worker's workflow bundle: the types that docs/reference.md names. */
export { InstallationDeliveries } from './installation-deliveries.ts';
export { InstallationImport } from './installation-import.ts';
export { PeriodicSweep } from './periodic-sweep.ts';
export { RepoSync } from './repo-sync.ts';
