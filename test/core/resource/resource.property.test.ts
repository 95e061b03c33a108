import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../../src/core/resource/open-catalog.ts';
import { orderSteps, resolveSteps } from '../../../src/core/resource/order-steps.ts';
import { type ResourceFile, resourceSources } from '../../../src/core/resource/resource.ts';
import { agent, workflow } from './files.ts';

const line = fc.oneof(
  fc.constantFrom(
    '---',
    '--- ',
    '...',
    'description: x',
    'name: a',
    'permission: write',
    'steps:',
    '  - { id: a, role: a }',
    '  - { id: b, role: b, dependsOn: [a, b], parallel: p }',
    '  - id: "__proto__"',
    'steps: &x [*x]',
    'skills: [__proto__, constructor]',
    '<<: { description: y }',
    '? [a, b]\n: c',
    '\t- bad',
    '{output:a} {output:__proto__} {task}',
    '## a',
    '!!js/function "x"',
    '\u202e\u0000\ufeff',
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const text = fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n'));
const path = fc.oneof(
  fc.constantFrom(
    'agents/a.md',
    'agents/b.md',
    'workflows/a.md',
    'skills/a.md',
    'agents/__proto__.md',
    '__proto__/a.md',
  ),
  fc.string({ maxLength: 20 }),
);
const anyFile: fc.Arbitrary<ResourceFile> = fc.record({ source: fc.constantFrom(...resourceSources), path, text });

describe('whatever stands in the files', () => {
  it('nothing throws, every mistake has a line that exists, and a name is in force once', () => {
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 6 }), (files) => {
        const { entries, agents, workflows } = openCatalog(files, { agents: ['pi'], models: ['usual'] });
        for (const { path: from, source, mistakes } of entries) {
          const most = Math.max(
            0,
            ...files
              .filter((one) => one.path === from && one.source === source)
              .map((one) => one.text.split(/\r\n|\r|\n/).length),
          );
          for (const { line: at } of mistakes) {
            expect(at).toBeGreaterThanOrEqual(1);
            expect(at).toBeLessThanOrEqual(Math.max(1, most));
          }
        }
        const active = entries.filter(({ state }) => state === 'active').map(({ kind, name }) => `${kind}/${name}`);
        expect(new Set(active).size).toBe(active.length);
        for (const flow of workflows.values()) {
          expect(orderSteps(flow.steps).kind).toBe('ordered');
          for (const { role } of flow.steps) if (role !== undefined) expect(agents.has(role)).toBe(true);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('a workflow in force runs each step once, and after everything that it waits for', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const step = fc.record({
      id: fc.constantFrom(...ids),
      needs: fc.option(fc.subarray(ids, { maxLength: 2 })),
      group: fc.option(fc.constantFrom('p', 'q')),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        const lines = steps.map(
          ({ id, needs, group }) =>
            `id: ${id}, role: looker${needs ? `, dependsOn: [${needs.join(', ')}]` : ''}${group ? `, parallel: ${group}` : ''}`,
        );
        const flow = openCatalog([agent('looker'), workflow('w', lines)], {
          agents: ['pi'],
          models: ['usual'],
        }).workflows.get('w');
        if (!flow) return;
        const order = orderSteps(flow.steps);
        if (order.kind === 'cycle') throw new Error('a cycle is in force');
        const needs = resolveSteps(flow.steps);
        const done = new Set<string>();
        for (const stage of order.stages) {
          for (const { id } of stage) expect((needs.get(id) ?? []).every((need) => done.has(need))).toBe(true);
          for (const { id } of stage) done.add(id);
        }
        expect(done.size).toBe(flow.steps.length);
      }),
      { numRuns: 400 },
    );
  });
});
