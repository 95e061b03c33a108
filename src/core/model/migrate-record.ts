// Brings what is kept up to the schema of this version, one step per version. A newer one is left alone.
import { choresVersion } from './chores.ts';
import { groupVersion } from './group.ts';
import { laneVersion } from './lane.ts';
import { recordVersion } from './record.ts';

export type Migrated =
  /** In the shape of this version's schema, still to be parsed. */
  { readonly kind: 'current'; readonly record: unknown } | { readonly kind: 'newer' };

type Fields = Readonly<Record<string, unknown>>;
/** By the version that it starts from; a version without a step differs only by fields that have defaults. */
type Steps = Readonly<Record<number, (record: Fields) => Fields>>;

const recordSteps: Steps = {};
const laneSteps: Steps = {};
const groupSteps: Steps = {};
const choresSteps: Steps = {};

export function migrateRecord(value: unknown): Migrated {
  return migrate(value, recordSteps, recordVersion);
}

export function migrateLane(value: unknown): Migrated {
  return migrate(value, laneSteps, laneVersion);
}

export function migrateGroup(value: unknown): Migrated {
  return migrate(value, groupSteps, groupVersion);
}

export function migrateChores(value: unknown): Migrated {
  return migrate(value, choresSteps, choresVersion);
}

function migrate(value: unknown, steps: Steps, current: number): Migrated {
  const from = readSchema(value);
  if (from > current) return { kind: 'newer' };
  let fields = { ...Object(value) } as Fields;
  for (let version = from; version < current; version += 1)
    fields = { ...(steps[version]?.(fields) ?? fields), schema: version + 1 };
  return { kind: 'current', record: fields };
}

/** The version that a kept record says it was written by; 0 where it says none. */
export function readSchema(value: unknown): number {
  const { schema } = Object(value) as { schema?: unknown };
  return typeof schema === 'number' ? schema : 0;
}
