// A package of Python as its index gives it: a wheel, which is a zip archive, and the page that leads to it.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface PythonPackage {
  readonly name: string;
  /** Of the wheel. */
  readonly fileName: string;
  readonly wheel: Buffer;
  readonly sha256: string;
  /** Of the simple index, with the wheel below this address. */
  renderIndex(address: string): string;
}

/** `scripts`: programs by name, each as `module:function`. */
export function packWheel(
  name: string,
  files: Readonly<Record<string, string>>,
  scripts: Readonly<Record<string, string>> = {},
): PythonPackage {
  const info = `${name}-1.0.0.dist-info`;
  const points = Object.entries(scripts).map(([script, target]) => `${script} = ${target}\n`);
  const all = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0.0\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/entry_points.txt`]: `[console_scripts]\n${points.join('')}`,
  };
  const record = [...Object.keys(all), `${info}/RECORD`].map((path) => `${path},,\n`).join('');
  const wheel = zip({ ...all, [`${info}/RECORD`]: record });
  const fileName = `${name}-1.0.0-py3-none-any.whl`;
  const sha256 = createHash('sha256').update(wheel).digest('hex');
  const renderIndex = (address: string) =>
    `<!DOCTYPE html><html><body><a href="${address}/${fileName}#sha256=${sha256}">${fileName}</a></body></html>`;
  return { name, fileName, wheel, sha256, renderIndex };
}

/** Stored as they are. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const facts = describeEntry(name, content);
    const header = Buffer.concat([Buffer.from('PK\x03\x04\x14\0', 'latin1'), facts, name]);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\0\x14\0', 'latin1'), facts, entry, name);
    local.push(header, content);
    offset += header.length + content.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** What both headers of an entry say alike: no flags, not compressed, of the first of January 1980. */
function describeEntry(name: Buffer, content: Buffer): Buffer {
  const facts = Buffer.alloc(24);
  facts.writeUInt16LE(0x21, 6);
  facts.writeUInt32LE(crc32(content), 8);
  facts.writeUInt32LE(content.length, 12);
  facts.writeUInt32LE(content.length, 16);
  facts.writeUInt16LE(name.length, 20);
  return facts;
}
