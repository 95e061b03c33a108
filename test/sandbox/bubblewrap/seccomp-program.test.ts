// The shape of the filter. What it does to programs is seen in isolation.test.ts.
import { describe, expect, it } from 'vitest';
import { assembleSeccompProgram } from '../../../src/sandbox/bubblewrap/seccomp-program.ts';
import { systemCalls } from '../../../src/sandbox/bubblewrap/system-calls.ts';

const answer = 0x06;
const isJump = (code: number) => (code & 0x07) === 0x05;

describe.each(['x64', 'arm64'])('the system call filter for %s', (processor) => {
  describe.each([true, false])('where the kernel counts memory: %s', (isMemoryCounted) => {
    const calls = systemCalls[processor];
    if (!calls) throw new Error('no system calls');
    const bytes = assembleSeccompProgram(calls, { isMemoryCounted });
    const program = Array.from({ length: bytes.length / 8 }, (_, index) => ({
      code: bytes.readUInt16LE(index * 8),
      ifTrue: bytes.readUInt8(index * 8 + 2),
      ifFalse: bytes.readUInt8(index * 8 + 3),
      value: bytes.readUInt32LE(index * 8 + 4),
    }));

    it('is a program that the kernel takes: short enough, every jump within it, an answer at its end', () => {
      expect(bytes.length % 8).toBe(0);
      expect(program.length).toBeGreaterThan(2 * Object.keys(calls.denied).length);
      expect(program.length).toBeLessThan(4_096);
      program.forEach(({ code, ifTrue, ifFalse }, index) => {
        if (isJump(code)) expect(index + 1 + Math.max(ifTrue, ifFalse)).toBeLessThan(program.length);
      });
      expect(program.at(-1)?.code).toBe(answer);
    });

    it('allows what it does not name', () => {
      const allow = 0x7fff0000;
      expect(program.at(-1)?.value).toBe(allow);
      expect(evaluate(0)).toBe(allow);
    });

    it('ends programs of another processor', () => {
      const killProcess = 0x80000000;
      expect(evaluate(0, [], 0x40000003)).toBe(killProcess);
    });

    it('denies every call that it names', () => {
      const notPermitted = 0x00050001;
      for (const [name, number] of Object.entries(calls.denied)) expect(evaluate(number), name).toBe(notPermitted);
    });

    it('tells calls apart by their arguments', () => {
      const allow = 0x7fff0000;
      const families = Array.from({ length: 45 }, (_, family) => family);
      expect(families.filter((family) => evaluate(calls.socket, [family]) === allow)).toEqual([1, 2, 10, 16]);
      expect(evaluate(calls.clone, [17])).toBe(allow);
      expect(evaluate(calls.clone, [0x10000000 | 17])).not.toBe(allow);
      expect(evaluate(calls.ioctl, [0, 0x5401])).toBe(allow);
      expect(evaluate(calls.ioctl, [0, 0x5412])).not.toBe(allow);
    });

    it('closes what keeps memory out of sight unless the kernel counts it', () => {
      const allow = 0x7fff0000;
      const [notImplemented, noMemory] = isMemoryCounted ? [allow, allow] : [0x00050026, 0x0005000c];
      for (const [name, number] of Object.entries(calls.unseen)) expect(evaluate(number), name).toBe(notImplemented);
      expect(evaluate(calls.shmget, [0, 4_096])).toBe(allow);
      expect(evaluate(calls.shmget, [0, 4_097])).toBe(noMemory);
      expect(evaluate(calls.shmget, [0, 2 ** 32])).toBe(noMemory);
    });

    /** Runs the program as the kernel does, for the five instructions that it uses. */
    function evaluate(call: number, args: readonly number[] = [], machine = calls?.processor): number {
      let accumulator = 0;
      for (let index = 0; index < program.length; index += 1) {
        const { code, ifTrue, ifFalse, value } = program[index] ?? { code: answer, ifTrue: 0, ifFalse: 0, value: -1 };
        if (code === answer) return value;
        if (code === 0x20)
          accumulator =
            value === 0
              ? call
              : value === 4
                ? (machine ?? 0)
                : halfOf(args[Math.floor((value - 16) / 8)] ?? 0, value % 8 === 4);
        else if (code === 0x15) index += accumulator === value ? ifTrue : ifFalse;
        else if (code === 0x35) index += accumulator >= value ? ifTrue : ifFalse;
        else if (code === 0x45) index += (accumulator & value) !== 0 ? ifTrue : ifFalse;
        else throw new Error(`instruction ${code} is not known`);
      }
      throw new Error('the program gives no answer');
    }
  });
});

function halfOf(argument: number, isUpper: boolean): number {
  return isUpper ? Math.floor(argument / 2 ** 32) : argument % 2 ** 32;
}
