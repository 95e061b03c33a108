import { splitRecords } from './record.ts';

export interface FileStat {
  readonly additions: number;
  readonly deletions: number;
  /** Git compares bytes: no line of it is shown. */
  readonly isBinary: boolean;
}

/** Parses the output of `--numstat -z`, by the name after the change; throws on anything else, which only a broken git can give. */
export function parseNumstat(output: Buffer): ReadonlyMap<string, FileStat> {
  const records = splitRecords(output).map((record) => record.toString('latin1'));
  const stats = new Map<string, FileStat>();
  for (let index = 0; index < records.length; index += 1) {
    const [, additions, deletions, name] = /^(-|\d+)\t(-|\d+)\t(.*)$/s.exec(records[index] ?? '') ?? [];
    if (additions === undefined || deletions === undefined) throw new Error('git gave numbers that cannot be read');
    // Of a rename both names follow as records of their own.
    const path = name === '' ? records[index + 2] : name;
    if (path === undefined) throw new Error('git gave numbers of a rename without a name');
    if (name === '') index += 2;
    const isBinary = additions === '-';
    stats.set(path, {
      additions: isBinary ? 0 : Number(additions),
      deletions: isBinary ? 0 : Number(deletions),
      isBinary,
    });
  }
  return stats;
}
