// All resources of one moment: which are in force, and what became of every other one. Operator before built-in before
// repository; who comes later with a name that is taken is shadowed, however good it is.
import { checkWorkflow } from './check-workflow.ts';
import { type ParsedResource, parseResource, quote } from './parse-resource.ts';
import { renderUnoffered } from './render-unoffered.ts';
import {
  type Agent,
  type Placed,
  type Resource,
  type ResourceFile,
  type ResourceKind,
  type ResourceSource,
  resourceKinds,
  resourceSources,
  type Skill,
  type Workflow,
} from './resource.ts';
import type { ResourceMistake } from './resource-mistake.ts';

/** `missing`: something names it, and it is not there. */
export type ResourceState = 'active' | 'disabled' | 'shadowed' | 'missing';

export interface CatalogEntry {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly state: ResourceState;
  /** Where it came from; absent for what is missing. */
  readonly source?: ResourceSource;
  readonly path?: string;
  readonly description?: string;
  /** Why it is not active, or what an active one lacks, in words. */
  readonly why?: string;
  readonly mistakes: readonly ResourceMistake[];
}

export interface Catalog {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly workflows: ReadonlyMap<string, Workflow>;
  readonly skills: ReadonlyMap<string, Skill>;
  /** Everything that was found or named, in a fixed order. */
  readonly entries: readonly CatalogEntry[];
}

interface Found {
  readonly file: ResourceFile;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly parsed: ParsedResource;
}

/** What the operator offers. */
export interface Offered {
  /** Coding agents, which agent files name as their driver. */
  readonly agents: readonly string[];
  readonly models: readonly string[];
}

export function openCatalog(files: readonly ResourceFile[], offered: Offered): Catalog {
  const found = files.flatMap(parseFile).sort((a, b) => rank(a) - rank(b) || (a.file.path < b.file.path ? -1 : 1));
  const owners = findOwners(found);
  const isOwner = (one: Found) => owners.get(toKey(one)) === one;
  const entries: CatalogEntry[] = found.filter((one) => !isOwner(one)).map((one) => toSidelined(one, owners));
  const owned = found.filter(isOwner);

  const skills = new Map<string, Skill>();
  for (const one of owned) {
    const resource = resourceOf(one);
    if (resource?.kind !== 'skill') continue;
    entries.push(toEntry(one, resource));
    if (resource.value.enabled) skills.set(one.name, resource.value);
  }
  const agents = new Map<string, Agent>();
  for (const one of owned) {
    const resource = resourceOf(one);
    if (resource?.kind !== 'agent') continue;
    const mistakes = findModelMistakes(resource.value, resource, offered.models);
    const unavailable = renderFirst(mistakes) ?? findUnavailable(resource.value, offered.agents);
    const lacking = resource.value.skills.filter((skill) => !skills.has(skill));
    entries.push({ ...toEntry(one, resource, unavailable ?? lackOf(lacking), unavailable !== undefined), mistakes });
    entries.push(...lacking.map((skill) => toMissing('skill', skill, `the agent ${quote(one.name)} names it`)));
    if (resource.value.enabled && unavailable === undefined) agents.set(one.name, resource.value);
  }
  const workflows = new Map<string, Workflow>();
  for (const one of owned) {
    const resource = resourceOf(one);
    if (resource?.kind !== 'workflow') continue;
    const { value } = resource;
    const { mistakes, missingAgents, missingSkills } = checkWorkflow(value, resource, {
      agents,
      skills: new Set(skills.keys()),
      models: offered.models,
    });
    const isGood = mistakes.length === 0 && value.workspace === 'single' && value.enabled;
    const why =
      renderFirst(mistakes) ??
      (value.workspace === 'single' ? lackOf(missingSkills) : renderUnavailable('workspace: worktree'));
    entries.push({ ...toEntry(one, resource, why, mistakes.length > 0 || value.workspace !== 'single'), mistakes });
    const needer = `the workflow ${quote(one.name)} names it`;
    entries.push(...missingAgents.map((name) => toMissing('agent', name, needer)));
    entries.push(...missingSkills.map((name) => toMissing('skill', name, needer)));
    if (isGood) workflows.set(one.name, value);
  }
  return { agents, workflows, skills, entries: tidy(entries) };
}

/** The product's own files are the same ones for every run of a process, and reading them is most of the work. */
const parsedBefore = new WeakMap<ResourceFile, readonly Found[]>();

function parseFile(file: ResourceFile): readonly Found[] {
  const found = parsedBefore.get(file) ?? parseAnew(file);
  parsedBefore.set(file, found);
  return found;
}

const folders: Readonly<Record<string, ResourceKind>> = { agents: 'agent', workflows: 'workflow', skills: 'skill' };

/** Files beside the three folders, such as a README, are nobody's mistake. */
function parseAnew(file: ResourceFile): readonly Found[] {
  const [, folder = '', rest = ''] = /^([^/]+)\/(.+)$/.exec(file.path) ?? [];
  const kind = Object.hasOwn(folders, folder) ? folders[folder] : undefined;
  if (kind === undefined) return [];
  const name = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.md$/.exec(rest)?.[1];
  if (name !== undefined && name.length <= 40)
    return [{ file, kind, name, parsed: parseResource(kind, name, file.text) }];
  const text =
    'The file must be called by a name of lower-case words joined by hyphens, at most 40 characters, and ".md".';
  return [{ file, kind, name: rest, parsed: { kind: 'refused', mistakes: [{ line: 1, text }] } }];
}

function rank({ kind, file }: Found): number {
  return resourceKinds.indexOf(kind) * 10 + resourceSources.indexOf(file.source);
}

function toKey({ kind, name }: Pick<Found, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** A file that cannot be read takes no name: what is below it stays in force. */
function findOwners(found: readonly Found[]): ReadonlyMap<string, Found> {
  const owners = new Map<string, Found>();
  for (const one of found) {
    if (one.parsed.kind === 'parsed' && !owners.has(toKey(one))) owners.set(toKey(one), one);
  }
  return owners;
}

function toSidelined(one: Found, owners: ReadonlyMap<string, Found>): CatalogEntry {
  const { kind, name, file, parsed } = one;
  const owner = owners.get(toKey(one));
  const base = { kind, name, source: file.source, path: file.path };
  const mistakes = parsed.kind === 'refused' ? parsed.mistakes : [];
  if (owner && rank(owner) < rank(one)) {
    const why = `The name belongs to the ${kind} of ${renderSource(owner.file.source)}.`;
    return { ...base, state: 'shadowed', why, mistakes };
  }
  const why = renderFirst(mistakes);
  return { ...base, state: 'disabled', mistakes, ...(why === undefined ? {} : { why }) };
}

function renderFirst([first]: readonly ResourceMistake[]): string | undefined {
  return first && `Line ${first.line}: ${first.text}`;
}

function resourceOf({ parsed }: Found): Resource | undefined {
  return parsed.kind === 'parsed' ? parsed.resource : undefined;
}

function toEntry({ file }: Found, { kind, value }: Resource, why?: string, isBroken = false): CatalogEntry {
  const { name, description, enabled } = value;
  const state = enabled && !isBroken ? 'active' : 'disabled';
  const reason = enabled ? why : 'It says "enabled: false".';
  return {
    kind,
    name,
    state,
    source: file.source,
    path: file.path,
    description,
    mistakes: [],
    ...(reason === undefined ? {} : { why: reason }),
  };
}

function toMissing(kind: ResourceKind, name: string, why: string): CatalogEntry {
  return { kind, name, state: 'missing', why: `It is not there, and ${why}.`, mistakes: [] };
}

/** What is asked for and not carried out by this version: never passed over in silence. */
function findUnavailable(agent: Agent, drivers: readonly string[]): string | undefined {
  if (agent.driver !== undefined && !drivers.includes(agent.driver))
    return renderUnoffered('driver', agent.driver, drivers);
  return agent.tools !== undefined && agent.tools.length > 0 ? renderUnavailable('tools') : undefined;
}

function findModelMistakes({ model, fallbacks = [] }: Agent, { lineOf }: Placed, offered: readonly string[]) {
  const named = [
    ...(model === undefined ? [] : [{ name: model, line: lineOf(['model']) }]),
    ...fallbacks.map((name, index) => ({ name, line: lineOf(['fallbacks', index]) })),
  ];
  return named.flatMap(({ name, line }): ResourceMistake[] =>
    offered.includes(name) ? [] : [{ line, text: renderUnoffered('model', name, offered) }],
  );
}

function renderUnavailable(what: string): string {
  return `This version does not carry out ${quote(what)}.`;
}

function lackOf(skills: readonly string[]): string | undefined {
  return skills.length === 0 ? undefined : `It works without ${skills.map(quote).join(', ')}, which is not there.`;
}

export function renderSource(source: ResourceSource): string {
  return source === 'built-in' ? 'the product' : `the ${source}`;
}

/** Several may name the same missing one. */
function tidy(entries: readonly CatalogEntry[]): CatalogEntry[] {
  const seen = new Set<string>();
  return entries
    .filter((entry) => {
      const key = `${toKey(entry)}/${entry.source ?? 'none'}/${entry.path ?? ''}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort(
      (a, b) =>
        resourceKinds.indexOf(a.kind) - resourceKinds.indexOf(b.kind) ||
        compare(a.name, b.name) ||
        rankOf(a.source) - rankOf(b.source) ||
        compare(a.path ?? '', b.path ?? ''),
    );
}

function rankOf(source: ResourceSource | undefined): number {
  return source === undefined ? resourceSources.length : resourceSources.indexOf(source);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
