import { describe, expect, it } from 'vitest';
import { ProcessorLedger } from '../../../src/sandbox/bubblewrap/limit/processor-ledger.ts';

/** By name: its own ticks, and those of the children that it waited for. */
const look = (times: Readonly<Record<string, readonly [number, number]>>) =>
  new Map(Object.entries(times).map(([key, [own, collected]]) => [key, { key, own, collected }]));

describe('the processor time of processes that come and go', () => {
  it('is that of all who live', () => {
    const ledger = new ProcessorLedger();
    expect(ledger.add(look({ init: [0, 0], one: [50, 0], two: [70, 0] }))).toBe(1.2);
    expect(ledger.add(look({ init: [0, 0], one: [100, 0], two: [100, 0] }))).toBe(2);
  });

  it('counts a child once that was seen, and then waited for', () => {
    const ledger = new ProcessorLedger();
    ledger.add(look({ init: [0, 0], shell: [1, 0], child: [99, 0] }));
    expect(ledger.add(look({ init: [0, 0], shell: [1, 129] }))).toBe(1.3);
    expect(ledger.add(look({ init: [0, 130] }))).toBe(1.3);
  });

  it('counts children that no look ever saw', () => {
    const ledger = new ProcessorLedger();
    ledger.add(look({ shell: [0, 0] }));
    expect(ledger.add(look({ shell: [0, 500] }))).toBe(5);
  });

  it('keeps what a child took that nobody waits for', () => {
    const ledger = new ProcessorLedger();
    ledger.add(look({ shell: [0, 0], child: [300, 0] }));
    expect(ledger.add(look({ shell: [0, 0] }))).toBe(3);
    expect(ledger.add(look({}))).toBe(3);
    expect(ledger.add(look({ next: [100, 0] }))).toBe(4);
  });
});
