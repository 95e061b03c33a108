/** Whether a Host header names this machine by its loopback address, with or without a port. */
export function isLoopbackHost(host: string | undefined): boolean {
  const address = `http://${host}/`;
  if (host === undefined || !URL.canParse(address)) return false;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}
