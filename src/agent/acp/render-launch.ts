import { posix } from 'node:path';
import type { AgentModel } from '../../engine/port/agent.ts';
import type { AcpProfile } from './acp-profile.ts';

export interface AcpPlaces {
  /** Where the installed packages are, inside. */
  readonly modules: string;
  readonly start: string;
  /** Home of the agent, inside, when it is another than the sandbox's. */
  readonly home: string | undefined;
  readonly arch: string;
}

export interface AcpLaunch {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the agent is started with, or nothing when it cannot talk to such models. */
export function renderLaunch(profile: AcpProfile, model: AgentModel, places: AcpPlaces): AcpLaunch | undefined {
  const special = profile.models[model.provider];
  if (!special) return undefined;
  const shown = { modules: places.modules, url: model.baseUrl, model: model.name, arch: places.arch };
  const files = mapValues({ ...profile.files, ...special.files }, (content) =>
    fill(typeof content === 'string' ? content : JSON.stringify(content), shown),
  );
  const program = fill(profile.program, shown);
  const args = [...profile.args, ...special.args].map((text) => fill(text, shown));
  return {
    argv: ['node', posix.join(places.start, 'start.mjs'), JSON.stringify(files), program, ...args],
    env: {
      ...(places.home === undefined ? {} : { HOME: places.home }),
      // Arguments can be read by more than the environment, and files outlive the attempt.
      ...mapValues({ ...profile.env, ...special.env }, (text) => fill(text, { ...shown, token: model.token })),
    },
  };
}

export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
