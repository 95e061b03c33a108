import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../../src/core/resource/open-catalog.ts';
import type { ResourceFile } from '../../../src/core/resource/resource.ts';
import { agent, file, workflow } from './files.ts';

const doer = agent('doer', ['permission: write']);
const looker = agent('looker');

/** What is wrong with a file, as `line: sentence`. */
function mistakesOf(files: readonly ResourceFile[], path: string): string[] {
  const entry = openCatalog(files, { agents: ['pi'], models: ['usual'] }).entries.find((one) => one.path === path);
  return (entry?.mistakes ?? []).map(({ line, text }) => `${line}: ${text}`);
}

function states(files: readonly ResourceFile[]): string[] {
  return openCatalog(files, { agents: ['pi'], models: ['usual'] }).entries.map(
    ({ kind, name, source, state, why }) => `${kind} ${name} (${source ?? '–'}): ${state}${why ? ` · ${why}` : ''}`,
  );
}

describe('a mistake in a resource is told with its line', () => {
  it.each<[string, readonly ResourceFile[], string, string[]]>([
    [
      'an unknown key, with the name that was probably meant',
      [agent('a', ['permision: write'])],
      'agents/a.md',
      ['3: There is no key "permision" here; did you mean "permission"?'],
    ],
    [
      'an unknown key of a step',
      [doer, workflow('w', ['id: a, role: doer, dependOn: []'])],
      'workflows/w.md',
      ['4: There is no key "dependOn" here; did you mean "dependsOn"?'],
    ],
    [
      'a duplicate step',
      [doer, workflow('w', ['id: a, role: doer', 'id: b, role: doer', 'id: a, role: doer'])],
      'workflows/w.md',
      ['6: There is a step "a" already.'],
    ],
    [
      'an unknown role',
      [doer, workflow('w', ['id: a, role: doer', 'id: b, role: doerr'])],
      'workflows/w.md',
      ['5: There is no agent "doerr"; did you mean "doer"?'],
    ],
    [
      'a cycle, named',
      [doer, workflow('w', ['id: a, role: doer, dependsOn: [c]', 'id: b, role: doer', 'id: c, role: doer'])],
      'workflows/w.md',
      ['4: The steps wait for each other: a → c → b → a.'],
    ],
    [
      'a step that waits for nobody',
      [doer, workflow('w', ['id: first, role: doer', 'id: b, role: doer, dependsOn: [firts]'])],
      'workflows/w.md',
      ['5: There is no step "firts"; did you mean "first"?'],
    ],
    [
      'two writers at the same time',
      [doer, looker, workflow('w', ['id: a, role: doer, parallel: p', 'id: b, role: looker, parallel: p'])],
      'workflows/w.md',
      ['4: The step "a" may change files, so nothing runs at the same time as it.'],
    ],
    [
      'an answer that nobody gives',
      [doer, workflow('w', ['id: a, role: doer', 'id: b, role: doer, reads: [aa]'])],
      'workflows/w.md',
      ['5: No step gives "aa"; did you mean "a"?'],
    ],
    [
      'an answer that is not there yet',
      [doer, workflow('w', ['id: a, role: doer, reads: [b]', 'id: b, role: doer'])],
      'workflows/w.md',
      ['4: "b" is not there yet when "a" runs.'],
    ],
    [
      'a step that nobody does',
      [doer, workflow('w', ['id: a'])],
      'workflows/w.md',
      ['4: The step "a" names neither a role nor "verify: true".'],
    ],
    [
      'a model of an agent that is not offered',
      [agent('a', ['model: other', 'fallbacks: [usual, another]'])],
      'agents/a.md',
      [
        '3: The model "other" is not offered here; there are "usual".',
        '4: The model "another" is not offered here; there are "usual".',
      ],
    ],
    [
      'a model of a step that is not offered',
      [doer, workflow('w', ['id: a, role: doer, model: usual', 'id: b, role: doer, model: other'])],
      'workflows/w.md',
      ['5: The model "other" is not offered here; there are "usual".'],
    ],
    [
      'a model for commands',
      [doer, workflow('w', ['id: a, role: doer', 'id: b, verify: true, model: usual'])],
      'workflows/w.md',
      ['5: The step "b" runs the verify commands, which ask no model.'],
    ],
    ['a missing key', [file('agents/a.md', ['permission: read'])], 'agents/a.md', ['2: "description" is missing.']],
    [
      'a bad value',
      [agent('a', ['permission: everything'])],
      'agents/a.md',
      ['3: "permission" is "everything", and must be one of read, write.'],
    ],
    [
      'a name that is not that of the file',
      [agent('a', ['name: b'])],
      'agents/a.md',
      ['3: "name" is "b", and the file is called "a".'],
    ],
    [
      'no front matter',
      [{ source: 'repository', path: 'agents/a.md', text: 'You are an agent.' }],
      'agents/a.md',
      ['1: The file must begin with a line "---" and the keys of the resource.'],
    ],
    [
      'YAML that cannot be read',
      [agent('a', ['tools: [a, b'])],
      'agents/a.md',
      [
        '3: The front matter must be valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
      ],
    ],
    [
      'a name that no file may have',
      [{ source: 'repository', path: 'agents/My Agent.md', text: '' }],
      'agents/My Agent.md',
      ['1: The file must be called by a name of lower-case words joined by hyphens, at most 40 characters, and ".md".'],
    ],
  ])('%s', (_name, files, path, expected) => {
    expect(mistakesOf(files, path)).toEqual(expected);
  });

  it('a placeholder for an answer that nobody gives', () => {
    const text = '---\ndescription: x\nsteps:\n  - { id: a, role: doer }\n---\n{task}\n\n{output:b}\n';
    expect(mistakesOf([doer, { source: 'repository', path: 'workflows/w.md', text }], 'workflows/w.md')).toEqual([
      '8: No step gives "b".',
    ]);
  });
});

describe('who has a name', () => {
  it('operator before built-in before repository; who comes later is shadowed and not used', () => {
    const files = [
      agent('doer', ['permission: write']),
      agent('doer', [], 'built-in'),
      agent('looker', [], 'built-in'),
      agent('looker', ['thinking: high'], 'operator'),
    ];
    expect(states(files)).toEqual([
      'agent doer (built-in): active',
      'agent doer (repository): shadowed · The name belongs to the agent of the product.',
      'agent looker (operator): active',
      'agent looker (built-in): shadowed · The name belongs to the agent of the operator.',
    ]);
    const { agents } = openCatalog(files, { agents: ['pi'], models: ['usual'] });
    expect(agents.get('doer')?.permission).toBe('read');
    expect(agents.get('looker')?.thinking).toBe('high');
  });

  it('a file with a mistake takes no name: what is below it stays in force', () => {
    const files = [agent('doer', ['permission: wriet'], 'operator'), agent('doer', ['permission: write'], 'built-in')];
    expect(states(files)).toEqual([
      'agent doer (operator): disabled · Line 3: "permission" is "wriet", and must be one of read, write.',
      'agent doer (built-in): active',
    ]);
  });

  it('an operator takes a resource of the product out of force', () => {
    const files = [agent('doer', ['enabled: false'], 'operator'), agent('doer', ['permission: write'], 'built-in')];
    const catalog = openCatalog(files, { agents: ['pi'], models: ['usual'] });
    expect(catalog.agents.size).toBe(0);
    expect(catalog.entries[0]).toMatchObject({ state: 'disabled', why: 'It says "enabled: false".' });
  });
});

describe('the inventory', () => {
  it('flips an agent that a workflow uses to missing when it is removed, with the line that needs it', () => {
    const flow = workflow('w', ['id: a, role: doer']);
    expect(states([doer, flow])).toEqual(['agent doer (repository): active', 'workflow w (repository): active']);
    expect(states([flow])).toEqual([
      'agent doer (–): missing · It is not there, and the workflow "w" names it.',
      'workflow w (repository): disabled · Line 4: There is no agent "doer".',
    ]);
  });

  it('records a skill that is not there, and works without it', () => {
    const files = [agent('doer', ['permission: write', 'skills: [tidy]']), workflow('w', ['id: a, role: doer'])];
    const catalog = openCatalog(files, { agents: ['pi'], models: ['usual'] });
    expect(catalog.workflows.has('w')).toBe(true);
    expect(states(files)).toContain('skill tidy (–): missing · It is not there, and the agent "doer" names it.');
  });

  it('takes a driver that is offered, and says which there are otherwise', () => {
    const files = [agent('own', ['driver: codex']), agent('other', ['driver: claude'])];
    const { agents, entries } = openCatalog(files, { agents: ['pi', 'codex'], models: ['usual'] });
    expect(agents.get('own')?.driver).toBe('codex');
    expect(entries.find(({ name }) => name === 'other')).toMatchObject({
      state: 'disabled',
      why: 'The driver "claude" is not offered here; there are "pi", "codex".',
    });
  });

  it('takes models that are offered, and no agent of which one is not', () => {
    const files = [agent('own', ['model: usual', 'fallbacks: [usual]']), agent('other', ['fallbacks: [usual, gone]'])];
    const { agents } = openCatalog(files, { agents: ['pi'], models: ['usual'] });
    expect([...agents.keys()]).toEqual(['own']);
    expect(states(files)).toContain(
      'agent other (repository): disabled · Line 3: The model "gone" is not offered here; there are "usual".',
    );
  });

  it('says of what this version does not carry out that it does not', () => {
    expect(states([agent('doer', ['tools: [read]'])])).toEqual([
      'agent doer (repository): disabled · This version does not carry out "tools".',
    ]);
  });

  it('takes the hosts that an agent names, and no file in which one is none', () => {
    const files = [
      agent('own', ['network: ["*.example.com"]']),
      agent('other', ['network: ["https://example.com/x"]']),
    ];
    expect(openCatalog(files, { agents: ['pi'], models: ['usual'] }).agents.get('own')?.network).toEqual([
      '*.example.com',
    ]);
    expect(states(files)).toContain(
      'agent other (repository): disabled · Line 3: "network[1]" is "https://example.com/x", and must be a host name such as registry.npmjs.org.',
    );
  });
});
