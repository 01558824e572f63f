import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { Logger } from '../logger.ts';
import { searchAttributeNames } from '../workflows/search-attributes.ts';

// temporal.api.enums.v1.IndexedValueType
const KEYWORD = 2;
const ALREADY_EXISTS = 6;

/**
 * Creates the three Keyword search attributes if the namespace lacks them. If the server forbids it (Temporal
 * Cloud has no operator service), logs the command to run: without them everything works except searching.
 *
 * @returns the names that are still missing
 * @throws the client's error if Temporal is unavailable
 */
export async function ensureSearchAttributes(client: Client, log: Logger): Promise<string[]> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  let missing = [...searchAttributeNames];
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    missing = searchAttributeNames.filter((name) => !Object.hasOwn(customAttributes ?? {}, name));
    if (missing.length === 0) return [];
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    log.info({ names: missing }, 'search attributes created');
    return [];
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const code: number = error.code;
    // A second worker was faster.
    if (code === ALREADY_EXISTS) return [];
    if (!isForbidden(code)) throw error;
    log.warn(
      { run: searchAttributeCommands(missing, namespace), reason: error.details },
      'search attributes are missing',
    );
    return missing;
  }
}

/** The commands that create search attributes if the worker may not. */
export function searchAttributeCommands(names: readonly string[], namespace: string): string {
  const flags = names.map((name) => `--name ${name} --type Keyword`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${flags}`;
}

/** INVALID_ARGUMENT, PERMISSION_DENIED, RESOURCE_EXHAUSTED (no free column), UNIMPLEMENTED, UNAUTHENTICATED. */
function isForbidden(code: number): boolean {
  return [3, 7, 8, 12, 16].includes(code);
}
