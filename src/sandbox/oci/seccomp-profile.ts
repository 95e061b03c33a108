// The system call filter of bubblewrap's sandboxes, in the words of container engines.
import type { SystemCalls } from '../bubblewrap/system-calls.ts';

const notPermitted = { action: 'SCMP_ACT_ERRNO', errnoRet: 1 };
const notImplemented = { action: 'SCMP_ACT_ERRNO', errnoRet: 38 };
const noSuchFamily = { action: 'SCMP_ACT_ERRNO', errnoRet: 97 };

const architectures: Readonly<Record<string, string>> = { x64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' };

/** New mount, cgroup, uts, ipc, user, pid and network namespaces. */
const namespaceBits = [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000];
/** Terminal requests that put characters into somebody else's input. */
const terminalInput = [0x5412, 0x541c];
const netlink = 16;
/** Unix, internet of both versions and netlink; every other below the last one. */
const closedFamilies = [0, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15];

/** `processor`: in Node's words. Calls of another interface of the same processor end their program. */
export function renderSeccompProfile(calls: SystemCalls, processor: string): string {
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: [architectures[processor]].filter((name) => name !== undefined),
    syscalls: [
      { names: Object.keys(calls.denied), ...notPermitted },
      // Its flags are behind a pointer, where no filter can look. Programs fall back to clone.
      { names: ['clone3'], ...notImplemented },
      ...namespaceBits.map((bit) => ({ names: ['clone'], args: [has(0, bit)], ...notPermitted })),
      ...terminalInput.map((request) => ({ names: ['ioctl'], args: [low(1, request)], ...notPermitted })),
      ...closedFamilies.map((family) => ({ names: ['socket'], args: [low(0, family)], ...noSuchFamily })),
      { names: ['socket'], args: [{ index: 0, value: netlink, op: 'SCMP_CMP_GT' }], ...noSuchFamily },
      {
        names: ['socket'],
        args: [
          { index: 0, value: netlink, op: 'SCMP_CMP_EQ' },
          { index: 2, value: 0, op: 'SCMP_CMP_NE' },
        ],
        ...noSuchFamily,
      },
    ],
  });
}

/** The argument has this bit. */
function has(index: number, bit: number) {
  return { index, value: bit, valueTwo: bit, op: 'SCMP_CMP_MASKED_EQ' };
}

/** The low half of the argument, which is all that the kernel looks at. */
function low(index: number, value: number) {
  return { index, value: 0xffffffff, valueTwo: value, op: 'SCMP_CMP_MASKED_EQ' };
}
