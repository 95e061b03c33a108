// Hellos of real clients, cut and bent in every way: either the one name is found, or there is none.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readClientHello } from '../../src/egress/client-hello.ts';

/** What a client of this Node sends first. */
async function captureHello(options: { servername?: string; maxVersion?: 'TLSv1.2' }): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connectTls({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ...options });
  client.on('error', () => undefined);
  const [socket] = await once(server, 'connection');
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

let hello: Buffer;
beforeAll(async () => {
  hello = await captureHello({ servername: 'registry.example.com' });
});
const named = { kind: 'named', serverName: 'registry.example.com' };

/** The message itself, without its record. */
const message = () => hello.subarray(5);
const toRecord = (content: Buffer) => {
  const header = Buffer.of(22, 3, 1, 0, 0);
  header.writeUInt16BE(content.length, 3);
  return Buffer.concat([header, content]);
};
const cutEvenly = (content: Buffer, count: number) =>
  Array.from({ length: count }, (_, at) =>
    toRecord(content.subarray((at * content.length) / count, ((at + 1) * content.length) / count)),
  );
/** With one more extension, and all lengths around it set right. */
function withExtension(type: number, content: Buffer): Buffer {
  const bytes = message();
  const sessionAt = 4 + 2 + 32;
  const suitesAt = sessionAt + 1 + (bytes[sessionAt] ?? 0);
  const methodsAt = suitesAt + 2 + bytes.readUInt16BE(suitesAt);
  const extensionsAt = methodsAt + 1 + (bytes[methodsAt] ?? 0);
  const extension = Buffer.alloc(4);
  extension.writeUInt16BE(type, 0);
  extension.writeUInt16BE(content.length, 2);
  const longer = Buffer.concat([bytes, extension, content]);
  longer.writeUInt16BE(bytes.readUInt16BE(extensionsAt) + 4 + content.length, extensionsAt);
  longer.writeUIntBE(longer.length - 4, 1, 3);
  return toRecord(longer);
}

describe('the name that a TLS client asks for', () => {
  it('is found, by old and new versions', async () => {
    expect(readClientHello(hello)).toEqual(named);
    const older = await captureHello({ servername: 'Registry.Example.com', maxVersion: 'TLSv1.2' });
    expect(readClientHello(older)).toEqual(named);
  });

  it('is waited for, and found wherever the stream and the records are cut', () => {
    for (let at = 0; at < hello.length; at += 1) expect(readClientHello(hello.subarray(0, at)).kind).toBe('more');
    for (let at = 1; at < message().length; at += 1) {
      const records = [toRecord(message().subarray(0, at)), toRecord(message().subarray(at))];
      expect(readClientHello(Buffer.concat(records))).toEqual(named);
    }
    expect(readClientHello(Buffer.concat([hello, Buffer.from('early data')]))).toEqual(named);
  });

  it('is not there when it is none, hidden, twice or not alone', async () => {
    expect(readClientHello(await captureHello({}))).toEqual({ kind: 'unnamed' });
    // Encrypted Client Hello, and the draft before it.
    for (const type of [0xfe0d, 0xffce])
      expect(readClientHello(withExtension(type, Buffer.from('hidden')))).toEqual({ kind: 'unnamed' });
    expect(readClientHello(withExtension(0x7777, Buffer.from('nothing special')))).toEqual(named);
    const name = Buffer.from('\0\x0b\0\0\x08evil.com');
    expect(readClientHello(withExtension(0, name)).kind).toBe('not_tls');
  });

  it('is not read out of anything else', () => {
    const others = [
      'GET / HTTP/1.1\r\n\r\n',
      'SSH-2.0-OpenSSH\r\n',
      '\x16\x02\x00',
      '\x80\x2e\x01',
      '\x16\x03\x01\0\0',
    ];
    for (const text of others) expect(readClientHello(Buffer.from(text, 'latin1')).kind).toBe('not_tls');
    // Something hidden behind it in the same record.
    expect(readClientHello(toRecord(Buffer.concat([message(), message()]))).kind).toBe('not_tls');
    // A message that says it is larger than any.
    const huge = Buffer.concat([toRecord(Buffer.of(1, 0xff, 0xff, 0xff)), Buffer.alloc(10)]);
    expect(readClientHello(huge).kind).toBe('not_tls');
  });

  it('is looked for in a few records, and in nothing that comes behind them', () => {
    expect(readClientHello(Buffer.concat(cutEvenly(message(), 16)))).toEqual(named);
    const many = cutEvenly(message(), 17);
    expect(readClientHello(Buffer.concat(many)).kind).toBe('not_tls');
    // Nothing that could still come would make it one.
    expect(readClientHello(Buffer.concat(many.slice(0, 16))).kind).toBe('not_tls');
  });

  it('costs nobody more than one look at each record and one copy, whatever is claimed and sent', () => {
    const claim = Buffer.alloc(10_922);
    claim[0] = 1;
    claim.writeUIntBE(32_000, 1, 3);
    const bytes = Buffer.concat(cutEvenly(claim, claim.length));
    const concat = vi.spyOn(Buffer, 'concat');
    const readings = [6, 60, 600, 6_000, bytes.length].map((length) => readClientHello(bytes.subarray(0, length)).kind);
    const copies = concat.mock.calls.length;
    concat.mockRestore();
    expect([readings, copies]).toEqual([['more', 'more', 'not_tls', 'not_tls', 'not_tls'], 0]);
  });

  it('is found where much follows it, and not where it would begin to end beyond what any has', () => {
    const rest = Buffer.alloc(100_000, 23);
    expect(readClientHello(Buffer.concat([hello, rest]))).toEqual(named);
    const padded = (size: number) => {
      const bytes = withExtension(21, Buffer.alloc(size)).subarray(5);
      return [toRecord(bytes.subarray(0, 16_000)), toRecord(bytes.subarray(16_000))];
    };
    expect(readClientHello(Buffer.concat(padded(16_000)))).toEqual(named);
    const [first = rest] = padded(32_400);
    // By what it says of itself: the rest is not waited for.
    expect(readClientHello(first).kind).toBe('not_tls');
  });

  it('is never another one, and nothing throws, whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.nat(hello.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(), (at, value, cut) => {
        const bent = Buffer.from(hello);
        bent[at] = value;
        const reading = readClientHello(bent.subarray(0, bent.length - (cut % 3)));
        // One byte of a name may make it another name; that is what whoever compares it finds.
        if (reading.kind === 'named') expect(reading.serverName).toHaveLength(named.serverName.length);
      }),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readClientHello(Buffer.concat([Buffer.of(22, 3, 1, 0, bytes.length), bytes]));
      }),
    );
  });
});
