import { splitRecords } from './record.ts';

/** One entry of git's raw diff. Names are byte for byte (Latin-1); modes and object names are git's. */
export interface RawChange {
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: string;
  readonly newId: string;
  /** The letter alone, without a similarity. */
  readonly status: string;
  readonly name: string;
  /** For a rename: where the content was. */
  readonly from?: string;
}

/** Parses the output of `--raw -z`; throws on anything else, which only a broken git can give. */
export function parseRawDiff(output: Buffer): RawChange[] {
  const records = splitRecords(output).map((record) => record.toString('latin1'));
  const changes: RawChange[] = [];
  for (let index = 0; index < records.length; ) {
    const header = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(records[index] ?? '');
    const [, oldMode, newMode, oldId, newId, status] = header ?? [];
    const first = records[index + 1];
    if (!oldMode || !newMode || !oldId || !newId || !status || first === undefined)
      throw new Error('git gave a raw diff that cannot be read');
    const second = status === 'R' || status === 'C' ? records[index + 2] : undefined;
    const entry = { oldMode, newMode, oldId, newId, status };
    changes.push(second === undefined ? { ...entry, name: first } : { ...entry, name: second, from: first });
    index += second === undefined ? 2 : 3;
  }
  return changes;
}
