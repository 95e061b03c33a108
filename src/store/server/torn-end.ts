// Tells a torn write from damage. A power cut leaves the last commands cut short, with zeros where the disk got no data:
// nothing of it was acknowledged. Anything else after a bad place may be acknowledged work and must not be cut off.

/** `tail` is what follows the last complete command or transaction of an append-only file. */
export function isTornEnd(tail: Buffer): boolean {
  const written = tail.subarray(0, tail.findLastIndex((byte) => byte !== 0) + 1);
  for (let offset = 0; offset < written.length; ) {
    const next = skipCommand(written, offset);
    if (next === 'cut short') return true;
    if (next === 'malformed') return false;
    offset = next;
  }
  // Nothing but zeros, or a transaction that lacks its end.
  return true;
}

type Fault = 'cut short' | 'malformed';

/** The offset behind the command that starts at `offset`: `*<parts>`, then `$<bytes>` and the bytes of each part. */
function skipCommand(written: Buffer, offset: number): number | Fault {
  const head = readHeader(written, offset, '*');
  if (typeof head === 'string') return head;
  let { next } = head;
  for (let parts = head.value; parts > 0; parts--) {
    const part = readHeader(written, next, '$');
    if (typeof part === 'string') return part;
    const end = part.next + part.value;
    if (end + 2 > written.length) return 'cut short';
    if (written.toString('latin1', end, end + 2) !== '\r\n') return 'malformed';
    next = end + 2;
  }
  return next;
}

const maxHeaderBytes = 24;

function readHeader(written: Buffer, offset: number, sign: '*' | '$'): { value: number; next: number } | Fault {
  const text = written.toString('latin1', offset, offset + maxHeaderBytes);
  if (text === '') return 'cut short';
  const match = /^.(\d+)(\r?)(\n?)/.exec(text);
  if (text[0] !== sign || (!match && text.length > 1)) return 'malformed';
  if (match?.[3]) return { value: Number(match[1]), next: offset + match[0].length };
  return text.length === (match?.[0].length ?? 1) ? 'cut short' : 'malformed';
}
