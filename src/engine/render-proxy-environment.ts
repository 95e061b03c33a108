/** By which programs in a sandbox find the egress proxy. Nothing holds because of it: who does not heed it reaches nothing. */
export function renderProxyEnvironment(port: number): Readonly<Record<string, string>> {
  const proxy = `http://127.0.0.1:${port}`;
  // The model gateway is on loopback, and no matter of the proxy.
  const direct = '127.0.0.1,localhost,::1';
  return {
    // Some programs read the one, some the other.
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
    // Without it `fetch` of Node heeds neither.
    NODE_USE_ENV_PROXY: '1',
    // Nor does yarn from its second version on, with or without that.
    YARN_HTTPS_PROXY: proxy,
  };
}
