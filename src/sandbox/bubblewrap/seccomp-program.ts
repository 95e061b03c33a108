// Assembles the system call filter that bubblewrap loads into every sandbox, as classic BPF.
// It closes what namespaces leave open: kernel keyrings, socket families that no namespace holds (vsock), io_uring,
// ptrace, and everything that makes or joins namespaces. Whatever is not named is allowed: the filter is a belt. Where the
// kernel does not count memory it also closes what keeps memory out of sight.
import type { SystemCalls } from './system-calls.ts';

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

const loadWord = 0x20;
const ifEqual = 0x15;
const ifAtLeast = 0x35;
const ifAnyBit = 0x45;
const answer = 0x06;

const allow = 0x7fff0000;
const killProcess = 0x80000000;
const fail = (errno: number) => 0x00050000 | errno;
const notPermitted = fail(1);
const notImplemented = fail(38);
const noSuchFamily = fail(97);
const noMemory = fail(12);

// Offsets in the kernel's seccomp_data. Of most arguments the kernel itself looks at the low half only.
const offsetOfCall = 0;
const offsetOfProcessor = 4;
const offsetOfArgument = (index: number) => 16 + 8 * index;

const upperHalf = 4;
/** Databases ask for a segment of a few bytes, to see whether another one is at work. 4,096 of them are the most there can be. */
const segmentBytes = 4_096;

const families = { unix: 1, inet: 2, inet6: 10 };
const netlink = 16;
/** The netlink protocol that lists network interfaces; the others only widen what can be attacked. */
const netlinkRoute = 0;

/** New mount, cgroup, uts, ipc, user, pid and network namespaces. */
const newNamespaces = 0x7e020000;
/** Terminal requests that put characters into somebody else's input. */
const terminalInput = [0x5412, 0x541c];

/** `isMemoryCounted`: whether the kernel counts the memory of the sandbox, whoever keeps it. */
export function assembleSeccompProgram(
  calls: SystemCalls,
  { isMemoryCounted }: { readonly isMemoryCounted: boolean },
): Buffer {
  return encode([
    [loadWord, 0, 0, offsetOfProcessor],
    ...unlessEqual(calls.processor, killProcess),
    [loadWord, 0, 0, offsetOfCall],
    ...(calls.foreignFrom === undefined ? [] : whenAtLeast(calls.foreignFrom, killProcess)),
    ...Object.values(calls.denied).flatMap((call) => whenEqual(call, notPermitted)),
    ...(isMemoryCounted ? [] : closeUnseenMemory(calls)),
    // Its flags are behind a pointer, where no filter can look. Programs fall back to clone.
    ...whenEqual(calls.clone3, notImplemented),
    ...forCall(calls.clone, [
      [loadWord, 0, 0, offsetOfArgument(0)],
      [ifAnyBit, 0, 1, newNamespaces],
      [answer, 0, 0, notPermitted],
    ]),
    ...forCall(calls.ioctl, [
      [loadWord, 0, 0, offsetOfArgument(1)],
      ...terminalInput.flatMap((request) => whenEqual(request, notPermitted)),
    ]),
    ...forCall(calls.socket, [
      [loadWord, 0, 0, offsetOfArgument(0)],
      ...Object.values(families).flatMap((family) => whenEqual(family, allow)),
      ...unlessEqual(netlink, noSuchFamily),
      [loadWord, 0, 0, offsetOfArgument(2)],
      ...unlessEqual(netlinkRoute, noSuchFamily),
    ]),
    [answer, 0, 0, allow],
  ]);
}

/** Programs fall back to files in /dev/shm and /tmp, which are looked at. */
function closeUnseenMemory({ unseen, shmget }: SystemCalls): Instruction[] {
  const size = offsetOfArgument(1);
  return [
    ...Object.values(unseen).flatMap((call) => whenEqual(call, notImplemented)),
    ...forCall(shmget, [
      [loadWord, 0, 0, size + upperHalf],
      ...unlessEqual(0, noMemory),
      [loadWord, 0, 0, size],
      ...whenAtLeast(segmentBytes + 1, noMemory),
    ]),
  ];
}

function whenEqual(value: number, then: number): Instruction[] {
  return [
    [ifEqual, 0, 1, value],
    [answer, 0, 0, then],
  ];
}

function unlessEqual(value: number, then: number): Instruction[] {
  return [
    [ifEqual, 1, 0, value],
    [answer, 0, 0, then],
  ];
}

function whenAtLeast(value: number, then: number): Instruction[] {
  return [
    [ifAtLeast, 0, 1, value],
    [answer, 0, 0, then],
  ];
}

/** Runs `body` for one call only; a body that gives no answer allows the call. */
function forCall(call: number, body: readonly Instruction[]): Instruction[] {
  return [[ifEqual, 0, body.length + 1, call], ...body, [answer, 0, 0, allow]];
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, value], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  return bytes;
}
