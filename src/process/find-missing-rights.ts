import type { AppFile } from '../setup/read-app-file.ts';

/** What GitHub says of an App: of permissions how far they go. */
export interface GivenRights {
  readonly permissions: Readonly<Record<string, string | undefined>>;
  readonly events: readonly string[];
}

const levels = ['read', 'write', 'admin'];

/** What app.yml asks for and the App has not, each in words. */
export function findMissingRights(
  wanted: Pick<AppFile, 'default_permissions' | 'default_events'>,
  given: GivenRights,
): string[] {
  const permissions = Object.entries(wanted.default_permissions)
    .filter(([name, level]) => levels.indexOf(given.permissions[name] ?? '') < levels.indexOf(level))
    .map(([name, level]) => `the permission ${name}: ${level}`);
  const events = wanted.default_events
    .filter((name) => !given.events.includes(name))
    .map((name) => `the event ${name}`);
  return [...permissions, ...events];
}
