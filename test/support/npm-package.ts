// A package as a registry gives it: a tar archive with what it is known by.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface NpmPackage {
  readonly tarball: Buffer;
  readonly integrity: string;
}

export function packNpmPackage(files: Readonly<Record<string, string>>): NpmPackage {
  const tarball = packTarball('package', files);
  return { tarball, integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}` };
}

/** `folder`: what all of it lies in. */
export function packTarball(folder: string, files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).flatMap(([name, content]) =>
    toEntry(`${folder}/${name}`, Buffer.from(content)),
  );
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}

function toEntry(name: string, content: Buffer): Buffer[] {
  const header = Buffer.alloc(512);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
