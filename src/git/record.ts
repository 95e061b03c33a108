/** The records of output that git ends with a NUL each, as bytes: a path need not be text. */
export function splitRecords(output: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let start = 0;
  for (let end = output.indexOf(0); end !== -1; end = output.indexOf(0, start)) {
    records.push(output.subarray(start, end));
    start = end + 1;
  }
  // Some commands leave out the last NUL.
  if (start < output.length) records.push(output.subarray(start));
  return records;
}

/** The same records as one text each, byte for byte (Latin-1), to compare and to send back unchanged. */
export function splitByteNames(output: Buffer): string[] {
  return splitRecords(output).map((record) => record.toString('latin1'));
}

/** What `splitByteNames` gave, as git reads it from standard input. */
export function joinByteNames(names: Iterable<string>): Buffer {
  return Buffer.from([...names].map((name) => `${name}\0`).join(''), 'latin1');
}

/** A byte name for people. */
export function renderByteName(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}
