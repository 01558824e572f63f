/** Whether a host name is this machine's own: `localhost`, 127.0.0.0/8, ::1. Not one that merely resolves there. */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}
