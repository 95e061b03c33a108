// The complete environment of a git process on the host. Nothing is inherited but the operator's way to GitHub, no file
// outside our own folders is read for configuration, and no setting in it can start a program.
import type { Author, GitToken } from '../engine/port/git.ts';
import { closedGitEnvironment } from '../subprocess/closed-git-environment.ts';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Settings that hold for every call, in place of any configuration file. */
const settings: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.sshCommand', '/bin/false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['core.quotePath', 'false'],
  ['core.logAllRefUpdates', 'false'],
  ['credential.helper', ''],
  ['commit.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['push.followTags', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['fetch.recurseSubmodules', 'false'],
  ['submodule.recurse', 'false'],
  // Housekeeping runs inside the call that caused it, so that it stays under that call's lock.
  ['gc.autoDetach', 'false'],
  ['maintenance.autoDetach', 'false'],
];

/** A redirect could carry the token to another host, so none is followed. A stalled transfer ends after a minute. */
const networkSettings: readonly (readonly [string, string])[] = [
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
];

/** Newer gits read attributes of a bare repository from a tree; an empty one keeps content from deciding what a diff shows. */
const noAttributes = ['attr.tree', '4b825dc642cb6eb9a060e54bf8d69288fbee4904'] as const;

/** The transports a call may use; without one it reaches nothing but its own repository. */
export type Transport = 'network' | 'file';

export interface EnvironmentOptions {
  /** An empty folder of ours: git and curl look there for configuration and credentials, and find none. */
  readonly home: string;
  readonly transport?: Transport | undefined;
  /** Variables that say how the network is reached: proxies, and whom to trust. */
  readonly wayOut?: Readonly<Record<string, string>> | undefined;
  readonly token?: GitToken | undefined;
  readonly author?: Author | undefined;
  /** Has received objects checked, and refuses what fsck calls an error or a warning. */
  readonly checkObjects?: boolean | undefined;
  readonly repository?: string | undefined;
  readonly workTree?: string | undefined;
  readonly index?: string | undefined;
}

const allowedProtocols = { network: 'http:https', file: 'file' } as const;

export function hostEnvironment(options: EnvironmentOptions): Record<string, string> {
  const configuration: (readonly [string, string])[] = [...settings];
  if (options.workTree === undefined) configuration.push(noAttributes);
  if (options.transport === 'network') configuration.push(...networkSettings);
  if (options.token)
    configuration.push(['http.extraHeader', `Authorization: Basic ${basicCredentials(options.token)}`]);
  if (options.checkObjects) configuration.push(['transfer.fsckObjects', 'true'], ['fetch.fsckObjects', 'true']);
  return {
    PATH: path,
    HOME: options.home,
    XDG_CONFIG_HOME: options.home,
    ...closedGitEnvironment,
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    ...(options.transport === undefined ? {} : { GIT_ALLOW_PROTOCOL: allowedProtocols[options.transport] }),
    ...(options.repository === undefined ? {} : { GIT_DIR: options.repository }),
    ...(options.workTree === undefined ? {} : { GIT_WORK_TREE: options.workTree }),
    ...(options.index === undefined ? {} : { GIT_INDEX_FILE: options.index }),
    ...(options.author === undefined ? {} : identity(options.author)),
    ...(options.transport === 'network' ? options.wayOut : {}),
    ...configurationVariables(configuration),
  };
}

/** How HTTP Basic spells a user name and a password. */
export function basicCredentials(token: GitToken): string {
  return Buffer.from(`${token.username}:${token.password}`).toString('base64');
}

/** Settings as git reads them from the environment, where they outrank every configuration file. */
export function configurationVariables(entries: readonly (readonly [string, string])[]): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(entries.length) };
  for (const [index, [key, value]] of entries.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}

function identity(author: Author): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
}
