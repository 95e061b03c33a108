// Reads which host a TLS client asks for, in the first message that it sends in the clear. Only what leaves no doubt is
// taken: a message that two readers could understand differently would let one of them be fooled.

export type HelloReading =
  | { readonly kind: 'more' }
  | { readonly kind: 'named'; readonly serverName: string }
  | { readonly kind: 'not_tls' }
  /** No name, several, or one that is hidden from us (Encrypted Client Hello). */
  | { readonly kind: 'unnamed' };

/** Hellos with large keys and tickets have two or three kilobytes. What comes behind so many is not looked at. */
const bytesAtMost = 32 * 1024;
/** Clients send one, or a few where they cut it on purpose. Each costs a look, and empty talk comes in small ones. */
const recordsAtMost = 16;

const handshakeRecord = 22;
const recordHeader = 5;
const recordBytesAtMost = 16 * 1024;
const clientHello = 1;
const messageHeader = 4;

/** `sent`: everything that the client has sent so far. */
export function readClientHello(sent: Buffer): HelloReading {
  const records = readRecords(sent.subarray(0, bytesAtMost));
  if (records === undefined) return { kind: 'not_tls' };
  const { fragments, size, wanted } = records;
  if (size < wanted) {
    const isOver = fragments.length >= recordsAtMost || sent.length >= bytesAtMost || wanted > bytesAtMost;
    return { kind: isOver ? 'not_tls' : 'more' };
  }
  // Something behind it in the same record is no way in which any client begins.
  if (size > wanted) return { kind: 'not_tls' };
  try {
    return readServerName(Buffer.concat(fragments).subarray(messageHeader));
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'not_tls' };
    throw error;
  }
}

interface Records {
  /** Contents of the whole records that stand at the front, up to the one with which the first message is complete. */
  readonly fragments: readonly Buffer[];
  /** Of all of them. */
  readonly size: number;
  /** Of the first message with its header, as far as it has said that. */
  readonly wanted: number;
}

/** Undefined: no TLS, or nothing that begins with a hello. */
function readRecords(bytes: Buffer): Records | undefined {
  const fragments: Buffer[] = [];
  const header = Buffer.alloc(messageHeader);
  let size = 0;
  let wanted = messageHeader;
  for (let at = 0; at < bytes.length && size < wanted && fragments.length < recordsAtMost; ) {
    if (bytes[at] !== handshakeRecord) return undefined;
    if (at + 1 < bytes.length && bytes[at + 1] !== 3) return undefined;
    if (at + recordHeader > bytes.length) break;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > recordBytesAtMost) return undefined;
    const end = at + recordHeader + length;
    if (end > bytes.length) break;
    const fragment = bytes.subarray(at + recordHeader, end);
    // It may be cut anywhere, in its own header too.
    if (size < messageHeader) fragment.copy(header, size);
    if (header[0] !== clientHello) return undefined;
    fragments.push(fragment);
    size += length;
    if (size >= messageHeader) wanted = messageHeader + header.readUIntBE(1, 3);
    at = end;
  }
  return { fragments, size, wanted };
}

const serverNameExtension = 0;
/** Encrypted Client Hello and the drafts before it: the name that counts stands where nobody on the way can read it. */
const hiding: ReadonlySet<number> = new Set([0xfe0d, 0xfe0c, 0xfe0b, 0xfe0a, 0xfe09, 0xfe08, 0xff02, 0xff03, 0xffce]);

function readServerName(hello: Buffer): HelloReading {
  const reader = new Reader(hello);
  reader.take(2 + 32);
  reader.takeVector(1);
  reader.takeVector(2);
  reader.takeVector(1);
  if (reader.isAtEnd()) return { kind: 'unnamed' };
  const extensions = new Reader(reader.takeVector(2));
  if (!reader.isAtEnd()) return { kind: 'not_tls' };
  const seen = new Set<number>();
  let name: Buffer | undefined;
  while (!extensions.isAtEnd()) {
    const type = extensions.take(2).readUInt16BE();
    const content = extensions.takeVector(2);
    if (seen.has(type)) return { kind: 'not_tls' };
    seen.add(type);
    if (type === serverNameExtension) name = readOnlyName(content);
  }
  if (!name || [...seen].some((type) => hiding.has(type))) return { kind: 'unnamed' };
  const text = name.toString('latin1');
  return /^[a-z0-9.-]{1,253}$/i.test(text) ? { kind: 'named', serverName: text.toLowerCase() } : { kind: 'unnamed' };
}

/** Undefined where there is not exactly one. */
function readOnlyName(content: Buffer): Buffer | undefined {
  const reader = new Reader(content);
  const list = new Reader(reader.takeVector(2));
  const isHostName = list.take(1)[0] === 0;
  const name = list.takeVector(2);
  return isHostName && list.isAtEnd() && reader.isAtEnd() ? name : undefined;
}

/** Throws RangeError beyond the end. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the message ends early');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Bytes with their number before them. */
  takeVector(lengthBytes: 1 | 2): Buffer {
    return this.take(this.take(lengthBytes).readUIntBE(0, lengthBytes));
  }
}
