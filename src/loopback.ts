/**
 * Whether a host name means this machine: `localhost`, 127.0.0.0/8, ::1, or ::ffff:127.0.0.0/104 as URLs write
 * it. A name that merely resolves there does not count.
 */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/i.test(hostname);
}
