// What is kept in Redis is read by processes of other versions: while a new version rolls out, and after it was rolled
// back. An older reader leaves records of a newer version alone, which only works when the version says that they are.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { OutboxEntry } from '../../../src/core/model/action.ts';
import { ChoresRecord, choresVersion } from '../../../src/core/model/chores.ts';
import { Event } from '../../../src/core/model/event.ts';
import { GroupRecord, groupVersion } from '../../../src/core/model/group.ts';
import { LaneRecord, laneVersion } from '../../../src/core/model/lane.ts';
import { recordVersion, SubjectRecord } from '../../../src/core/model/record.ts';

function fingerprint(...schemas: readonly z.ZodType[]): string {
  const text = JSON.stringify(schemas.map((schema) => z.toJSONSchema(schema, { unrepresentable: 'any' })));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

it('is raised when what is kept changes: raise recordVersion, laneVersion or choresVersion, add a migration, then renew this', () => {
  expect({
    subjects: `version ${recordVersion}: ${fingerprint(SubjectRecord, OutboxEntry, Event)}`,
    chores: `version ${choresVersion}: ${fingerprint(ChoresRecord)}`,
    lanes: `version ${laneVersion}: ${fingerprint(LaneRecord)}`,
    groups: `version ${groupVersion}: ${fingerprint(GroupRecord)}`,
  }).toMatchInlineSnapshot(`
    {
      "chores": "version 2: b2fe33318c0228bb",
      "groups": "version 5: 6a1ade55acec6de4",
      "lanes": "version 1: 36ec0eb443fcd33a",
      "subjects": "version 14: 3cc72af47c83fb3a",
    }
  `);
});
