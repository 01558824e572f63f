import type { UseQueryResult } from '@tanstack/react-query';
import type { Health } from '../../src/api/routes/health-schema.ts';
import type { ApiError } from './request.ts';
import { useApi } from './use-api.ts';

export const HEALTH_PATH = '/api/sync/health/';

/** The state of the mirror. An unhealthy one answers 503, with all figures. */
export function useHealth(): UseQueryResult<Health, ApiError> {
  return useApi<Health>(HEALTH_PATH, { also: [503] });
}
