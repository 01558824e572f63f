/**
 * All errors of the product in one table: the HTTP status with which the API answers, whether a retry can help,
 * and what a person should do. Pure, so that workflow code may import it.
 */
export const errorTable = {
  BAD_REQUEST: { status: 400, retryable: false, advice: 'Correct the request as the message says.' },
  UNAUTHORIZED: { status: 401, retryable: false, advice: 'Send "Authorization: Bearer <SYNC_API_TOKEN>".' },
  SIGNATURE_INVALID: {
    status: 401,
    retryable: false,
    advice: 'Set GITHUB_WEBHOOK_SECRET to the secret in the GitHub App settings, then redeliver.',
  },
  NOT_FOUND: { status: 404, retryable: false, advice: 'Check the id; only mirrored objects are known here.' },
  REPOSITORY_REMOVED: {
    status: 409,
    retryable: false,
    advice:
      'The repository was deleted at GitHub or the App lost access to it; give the installation access again.',
  },
  INSTALLATION_REMOVED: {
    status: 409,
    retryable: false,
    advice: 'The App was uninstalled; install it again.',
  },
  INSTALLATION_SUSPENDED: {
    status: 409,
    retryable: false,
    advice: "Unsuspend the App in the account's settings at GitHub.",
  },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, advice: 'GitHub never sends more than 25 MB.' },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    retryable: true,
    advice:
      'Wait a minute. A proxy in front must send X-Forwarded-For: see "A proxy in front" in docs/operations.md.',
  },
  OVERLOADED: {
    status: 503,
    retryable: true,
    advice: "Nothing to do: the next sweep recovers rejected deliveries from the App's delivery log.",
  },
  INTERNAL: { status: 500, retryable: true, advice: 'This is a defect: report the requestId with the log.' },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    advice: 'Check that PostgreSQL at DATABASE_URL runs and accepts connections.',
  },
  SCHEMA_MISMATCH: {
    status: 503,
    retryable: true,
    advice:
      'Run npm run migrate and npm run doctor, which says what is missing; if nothing is, report the log line.',
  },
  TEMPORAL_UNAVAILABLE: {
    status: 503,
    retryable: true,
    advice:
      'Check that Temporal at TEMPORAL_ADDRESS runs and has TEMPORAL_NAMESPACE; deliveries are kept and processed when it is back.',
  },
  RATE_LIMITED: {
    status: 503,
    retryable: true,
    advice: "Nothing to do: work continues when the installation's hourly limit at GitHub resets.",
  },
  SECONDARY_RATE_LIMITED: {
    status: 503,
    retryable: true,
    advice: 'Nothing to do: GitHub asked for a pause; work continues after it.',
  },
  GITHUB_UNAVAILABLE: {
    status: 503,
    retryable: true,
    advice: 'Check githubstatus.com and the network between here and GITHUB_API_URL; work resumes by itself.',
  },
  GRAPHQL_UNAVAILABLE: {
    status: 503,
    retryable: true,
    advice:
      "GitHub's GraphQL does not answer for it although REST does; what REST shows is compared. Run npm run doctor.",
  },
  GITHUB_BAD_ANSWER: {
    status: 503,
    retryable: true,
    advice:
      'GitHub gave an unreadable answer and is asked again. If the error stays, report it with the path.',
  },
  BAD_CREDENTIALS: {
    status: 503,
    retryable: true,
    advice:
      "Check GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY against the App settings, and this machine's clock.",
  },
  APP_MISMATCH: {
    status: 409,
    retryable: false,
    advice:
      'Restore GITHUB_APP_ID to the App of this database; to switch Apps, see "Another App" in docs/operations.md.',
  },
  ACCESS_REFUSED: {
    status: 503,
    retryable: true,
    advice:
      'GitHub refused (403) what the permissions allow; such refusals are transient, and it is asked again.',
  },
  IP_NOT_ALLOWED: {
    status: 503,
    retryable: true,
    advice:
      "Add this host's address to the organisation's IP allow list at GitHub; then work resumes by itself.",
  },
  PERMISSION_MISSING: {
    status: 409,
    retryable: false,
    advice:
      'Grant the App read access to it (Permissions in the App settings) and accept it for the account.',
  },
  REPOSITORY_BLOCKED: {
    status: 409,
    retryable: false,
    advice:
      'GitHub blocks this repository (for legal reasons or terms of service); its rows stay as last known.',
  },
  REPOSITORY_UNKNOWN: {
    status: 404,
    retryable: false,
    advice: "Start InstallationImport for the repository's installation first.",
  },
  LEASE_BUSY: { status: 409, retryable: true, advice: 'Nothing to do: another process is working on it.' },
  LEASE_LOST: {
    status: 409,
    retryable: true,
    advice: 'Nothing to do: another process took over after a pause; nothing was written twice.',
  },
  NOT_YET_VISIBLE: {
    status: 503,
    retryable: true,
    advice: 'Nothing to do: GitHub announced a change that its API does not show yet; it is asked again.',
  },
  LIST_SHIFTED: {
    status: 503,
    retryable: true,
    advice: 'Nothing to do: a list changed while it was being read; it is read again.',
  },
  ROW_REFUSED: {
    status: 409,
    retryable: false,
    advice: 'PostgreSQL rejects a value of this row; all other rows are written. Report its SQLSTATE.',
  },
  DELIVERY_UNREADABLE: {
    status: 400,
    retryable: false,
    advice: 'The delivery is kept as failed and its repository is compared with GitHub; report its event.',
  },
  DELIVERY_PENDING: {
    status: 409,
    retryable: false,
    advice: 'Nothing to do: it is already pending and will be applied.',
  },
  DELIVERY_NOT_APPLICABLE: {
    status: 409,
    retryable: false,
    advice: 'Nothing to do: deliveries of this event are kept but change nothing here.',
  },
  STILL_RUNNING: {
    status: 503,
    retryable: true,
    advice: 'Nothing to do: the work takes long and continues; its job shows the progress.',
  },
  JOB_CANCELLED: {
    status: 409,
    retryable: false,
    advice: 'Somebody cancelled it; start it again if needed.',
  },
  JOB_ABANDONED: {
    status: 409,
    retryable: false,
    advice: 'Its workflow was terminated, timed out or vanished; the next sweep does its work.',
  },
  PARTLY_FAILED: {
    status: 409,
    retryable: false,
    advice: 'See sync_error of the repositories that failed; the next sweep tries them again.',
  },
  UNKNOWN: { status: 500, retryable: true, advice: 'Probably a defect: report the log line.' },
} as const satisfies Record<string, { status: number; retryable: boolean; advice: string }>;

export type ErrorCode = keyof typeof errorTable;

const LONGEST_MESSAGE = 1000;

/** An error from the table above. `retryAfterMs`: when a retry makes sense, in milliseconds from now. */
export class SyncError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; retryAfterMs?: number }) {
    // The message may quote an answer or an address. It is shortened and made storable for the database, like
    // `storable`, which workflow code cannot import.
    super(
      message.slice(0, LONGEST_MESSAGE).toWellFormed().replaceAll('\0', '\uFFFD'),
      options?.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'SyncError';
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/**
 * The installation itself is unreachable: GitHub's list of installations shows what is left of it, not the next
 * request.
 */
export function isInstallationGone(code: ErrorCode): boolean {
  return code === 'INSTALLATION_SUSPENDED' || code === 'INSTALLATION_REMOVED';
}

/**
 * GitHub gave up on a request, or stopped in the middle of its answer, or shows what cannot be read. What was asked may be
 * the cause: a smaller request, or one about another object, may succeed.
 */
export function isUnusableAnswer(error: unknown): error is SyncError {
  return (
    error instanceof SyncError && (error.code === 'GITHUB_UNAVAILABLE' || error.code === 'GITHUB_BAD_ANSWER')
  );
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorTable, value);
}
