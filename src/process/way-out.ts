// How this machine reaches GitHub and the model, as the operator's environment says it: through a proxy, and whom to trust.

type Variables = Readonly<Record<string, string | undefined>>;

/** Programs take either case, and some of them one only. */
export function readProxies(
  variables: Variables,
): Record<'http_proxy' | 'https_proxy' | 'no_proxy', string | undefined> {
  const read = (name: string) => variables[name] ?? variables[name.toUpperCase()];
  return { http_proxy: read('http_proxy'), https_proxy: read('https_proxy'), no_proxy: read('no_proxy') };
}

/** What git on the host gets of the environment, and only where it reaches GitHub. */
export function readGitWayOut(variables: Variables): Record<string, string> {
  const given = { ...readProxies(variables), GIT_SSL_CAINFO: variables['GIT_SSL_CAINFO'] };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Whether our own calls of the model gateway, which listens on loopback, would go to a proxy and end there. */
export function isLoopbackProxied(variables: Variables): boolean {
  const { http_proxy: proxy, no_proxy: direct = '' } = readProxies(variables);
  if (variables['NODE_USE_ENV_PROXY'] !== '1' || !proxy) return false;
  return !direct.split(/[\s,]+/).some((host) => host === '*' || host === '127.0.0.1');
}
