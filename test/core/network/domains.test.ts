// Lists of hosts: what they name, what the operator takes away, and what an agent's own file leaves of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectDomains, isListed, isWithin } from '../../../src/core/network/domain-pattern.ts';
import { narrowNetwork } from '../../../src/core/network/narrow-network.ts';
import { findForbidden, isPermitted } from '../../../src/core/network/network-permit.ts';

const label = fc.constantFrom('a', 'b', 'evil');
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.com`);
const pattern = fc.tuple(fc.boolean(), host).map(([star, name]) => (star ? `*.${name}` : name));
const patterns = fc.array(pattern, { maxLength: 4 });

describe('a list of hosts', () => {
  it.each([
    ['a.com', 'a.com', true],
    ['A.com', 'a.COM', true],
    ['b.a.com', 'a.com', false],
    ['a.com', '*.a.com', false],
    ['b.a.com', '*.a.com', true],
    ['c.b.a.com', '*.a.com', true],
    ['evila.com', '*.a.com', false],
    ['*.b.a.com', '*.a.com', true],
    ['*.a.com', '*.a.com', true],
    ['*.a.com', '*.b.a.com', false],
    ['*.a.com', 'a.com', false],
    ['a.com', '*', true],
    ['*', '*.a.com', false],
  ])('%s is within %s: %s', (asked, outer, within) => {
    expect(isWithin(asked, outer)).toBe(within);
  });

  it('names of two lists exactly the hosts that both name', () => {
    fc.assert(
      fc.property(patterns, patterns, host, (one, other, name) => {
        expect(isListed(name, intersectDomains(one, other))).toBe(isListed(name, one) && isListed(name, other));
      }),
    );
  });
});

describe('what the operator permits', () => {
  it('bounds every list, and what is taken away is away', () => {
    const permit = { allow: ['*.a.com', 'b.com'], deny: ['evil.a.com', '*.evil.a.com'] };
    expect(findForbidden(['x.a.com', '*.y.a.com', 'b.com'], permit)).toEqual([]);
    const others = ['a.com', '*.b.com', 'evil.a.com', 'x.evil.a.com', '*.evil.a.com', 'c.com'];
    expect(findForbidden(others, permit)).toEqual(others);
    // A list of many is permitted, and of those the one that is taken away is not reached.
    expect(findForbidden(['*.a.com'], permit)).toEqual([]);
    expect([isPermitted('x.a.com', permit), isPermitted('evil.a.com', permit)]).toEqual([true, false]);
    expect(findForbidden(['x.com'], { allow: ['*'], deny: [] })).toEqual([]);
    expect(findForbidden(['x.com'], { allow: [], deny: [] })).toEqual(['x.com']);
  });

  it('is never more than that, whatever a list says', () => {
    fc.assert(
      fc.property(patterns, patterns, patterns, host, (allow, deny, list, name) => {
        const isFine = findForbidden(list, { allow, deny }).length === 0;
        if (isFine && isListed(name, list)) expect(isListed(name, allow)).toBe(true);
        if (isListed(name, deny)) expect(isPermitted(name, { allow, deny })).toBe(false);
      }),
    );
  });
});

describe("an agent's own list", () => {
  it('takes away and never adds, and says what it does not get', () => {
    const given = ['*.a.com', 'b.com'];
    expect(narrowNetwork(given, undefined)).toEqual({ domains: given, withheld: [] });
    expect(narrowNetwork(given, [])).toEqual({ domains: [], withheld: [] });
    expect(narrowNetwork(given, ['x.a.com', 'c.com'])).toEqual({ domains: ['x.a.com'], withheld: ['c.com'] });
    expect(narrowNetwork(given, ['*.com'])).toEqual({ domains: ['*.a.com', 'b.com'], withheld: ['*.com'] });
    expect(narrowNetwork([], ['b.com'])).toEqual({ domains: [], withheld: ['b.com'] });
  });
});
