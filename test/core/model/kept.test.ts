// Records as versions before this one kept them, one file a version: made by the code of that version, and never changed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrateRecord } from '../../../src/core/model/migrate-record.ts';
import { recordVersion, SubjectRecord } from '../../../src/core/model/record.ts';

const olderVersions = Array.from({ length: recordVersion - 1 }, (_, index) => index + 1);

function readKept(version: number): Record<string, unknown> {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'kept', `record-${version}.json`), 'utf8'));
}

describe.each(olderVersions)('a record of version %i', (version) => {
  it('is what that version kept', () => {
    expect(readKept(version)['schema']).toBe(version);
  });

  it('is read, and loses nothing', () => {
    const kept = readKept(version);
    const migrated = migrateRecord(kept);
    if (migrated.kind === 'newer') throw new Error('an older record was taken for a newer one');
    const record = SubjectRecord.parse(migrated.record);
    expect(record).toMatchObject({ ...kept, schema: recordVersion });
    expect(record.run?.state.kind).toBe('ready');
    // What is kept from now on is read in the same way.
    expect(migrateRecord(JSON.parse(JSON.stringify(record)))).toEqual({ kind: 'current', record });
  });
});
