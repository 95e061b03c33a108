/** With whatever port: a tunnel may have another one at its other end. */
const loopbackName = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Whether a Host header names this machine itself. A name that an attacker owns can point here, and is none of these. */
export function isLoopbackName(host: string | undefined): boolean {
  return loopbackName.test(host ?? '');
}
