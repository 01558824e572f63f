import { ConfigurationError, loadConfig, type Role } from '../config.ts';
import { loadTemporalSettings, type TemporalSettings } from './settings.ts';

/**
 * The configuration of a role that uses Temporal, with Temporal's settings.
 *
 * @throws ConfigurationError with every fault of both at once
 */
export function loadSettings<R extends Role>(
  role: R,
  env: NodeJS.ProcessEnv,
): { config: ReturnType<typeof loadConfig<R>>; temporal: TemporalSettings } {
  const faults: string[] = [];
  const attempt = <T>(load: () => T): T | undefined => {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  };
  const config = attempt(() => loadConfig(role, env));
  const temporal = attempt(() => loadTemporalSettings(env));
  if (config === undefined || temporal === undefined) throw new ConfigurationError(faults);
  return { config, temporal };
}
