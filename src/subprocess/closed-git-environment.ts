/** Of a git that reads no configuration but ours, asks nobody anything, and reaches nothing but its own repository. */
export const closedGitEnvironment: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // An allow-list that names no known protocol refuses all of them.
  GIT_ALLOW_PROTOCOL: 'none',
};
