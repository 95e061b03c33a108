import type { ResourceFile, ResourceSource } from '../../../src/core/resource/resource.ts';

/** A resource with these lines of front matter. */
export function file(path: string, lines: readonly string[], source: ResourceSource = 'repository'): ResourceFile {
  return { source, path, text: ['---', ...lines, '---', 'Do what is asked.', ''].join('\n') };
}

export function agent(name: string, more: readonly string[] = [], source: ResourceSource = 'repository'): ResourceFile {
  return file(`agents/${name}.md`, [`description: The ${name}.`, ...more], source);
}

export function workflow(
  name: string,
  steps: readonly string[],
  more: readonly string[] = [],
  source: ResourceSource = 'repository',
): ResourceFile {
  const lines = [`description: The ${name}.`, ...more, 'steps:', ...steps.map((step) => `  - { ${step} }`)];
  return file(`workflows/${name}.md`, lines, source);
}
