/**
 * Repository permissions of GitHub Apps
 * (https://docs.github.com/rest/authentication/permissions-required-for-github-apps).
 */
export type Permission =
  | 'actions'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'discussions'
  | 'issues'
  | 'metadata'
  | 'packages'
  | 'pull_requests'
  | 'secret_scanning_alerts'
  | 'security_events'
  | 'statuses'
  | 'vulnerability_alerts';
