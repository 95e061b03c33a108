// One file as a resource, or what is wrong with it, each mistake with its line. Nothing here throws, whatever the file
// holds; a file with a mistake is not used at all, since half of what somebody wanted is not what they wanted.
import type { z } from 'zod';
import { cutFound } from '../command/argument.ts';
import { findNearestName } from '../command/nearest-name.ts';
import { describeExpected, describeFound } from '../policy/describe-issue.ts';
import { parseYaml, type ValuePath, type YamlFile } from '../policy/parse-yaml.ts';
import { readAt } from '../policy/settings-tree.ts';
import {
  type Agent,
  AgentLimits,
  matters,
  maxResourceChars,
  type Resource,
  type ResourceKind,
  type Skill,
  StepMatter,
  TriggerMatter,
  type Workflow,
} from './resource.ts';
import type { ResourceMistake } from './resource-mistake.ts';
import { splitFrontMatter } from './split-front-matter.ts';

export type ParsedResource =
  | { readonly kind: 'parsed'; readonly resource: Resource }
  | { readonly kind: 'refused'; readonly mistakes: readonly ResourceMistake[] };

/** `name` is that of the file, without its ending. */
export function parseResource(kind: ResourceKind, name: string, text: string): ParsedResource {
  if (text.length > maxResourceChars)
    return refuse([{ line: 1, text: `The file has ${text.length} characters; at most ${maxResourceChars} are read.` }]);
  const split = splitFrontMatter(text);
  if (split.kind === 'none') return refuse([{ line: split.line, text: split.why }]);
  const reading = parseYaml(split.yaml);
  const toLine = (line: number) => line + split.yamlLine - 1;
  if (reading.kind === 'unreadable') {
    const { line, found, expected } = reading.mistake;
    return refuse([{ line: toLine(line), text: renderBad('The front matter', found, expected) }]);
  }
  const { file } = reading;
  const mistakes = file.mistakes.map(({ path, place, found, expected }) => ({
    line: toLine(place.line),
    text: renderBad(renderPath(path), found, expected),
  }));
  const parsed = matters[kind].safeParse(file.value);
  const lineOf = (path: ValuePath, at: 'key' | 'value' = 'value') => toLine(file.locate(path, at).line);
  if (!parsed.success)
    mistakes.push(...sortIssues(parsed.error.issues).flatMap((issue) => toMistakes({ kind, file, lineOf }, issue)));
  const body = split.body.trim();
  if (mistakes.length === 0 && body === '')
    mistakes.push({ line: split.bodyLine, text: 'There is no text below the front matter.' });
  if (!parsed.success || mistakes.length > 0) return refuse(mistakes);
  const named = parsed.data.name;
  if (named !== undefined && named !== name)
    return refuse([
      { line: lineOf(['name']), text: `"name" is ${quote(named)}, and the file is called ${quote(name)}.` },
    ]);
  const value = { ...parsed.data, name, body: split.body };
  const placed = { bodyLine: split.bodyLine, lineOf };
  // The schema that was chosen by the kind gave the value.
  if (kind === 'agent') return accept({ kind, value: value as Agent, ...placed });
  if (kind === 'workflow') return accept({ kind, value: value as Workflow, ...placed });
  return accept({ kind, value: value as Skill, ...placed });
}

function accept(resource: Resource): ParsedResource {
  return { kind: 'parsed', resource };
}

const maxMistakes = 20;

function refuse(mistakes: readonly ResourceMistake[]): ParsedResource {
  return { kind: 'refused', mistakes: [...mistakes].sort((a, b) => a.line - b.line).slice(0, maxMistakes) };
}

/** A key that does not exist explains why another one is missing. */
function sortIssues(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const isUnknown = ({ code }: z.core.$ZodIssue) => code === 'unrecognized_keys';
  return [...issues.filter(isUnknown), ...issues.filter((issue) => !isUnknown(issue))];
}

interface Scene {
  readonly kind: ResourceKind;
  readonly file: YamlFile;
  readonly lineOf: (path: ValuePath, at?: 'key' | 'value') => number;
}

function toMistakes({ kind, file, lineOf }: Scene, issue: z.core.$ZodIssue): ResourceMistake[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const nearest = findNearestName(key, keysAt(kind, path));
      const hint = nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`;
      return { line: lineOf([...path, key], 'key'), text: `There is no key ${quote(key)} here${hint || '.'}` };
    });
  const found = readAt(file.value, path);
  if (found === undefined) return [{ line: lineOf(path), text: `${renderPath(path)} is missing.` }];
  return [{ line: lineOf(path), text: renderBad(renderPath(path), describeFound(found), describeExpected(issue)) }];
}

/** The keys that exist where the path leads. */
function keysAt(kind: ResourceKind, [section]: ValuePath): readonly string[] {
  if (section === undefined) return Object.keys(matters[kind].shape);
  const shapes = { steps: StepMatter.shape, triggers: TriggerMatter.shape, limits: AgentLimits.shape };
  return Object.entries(shapes).flatMap(([name, shape]) => (name === section ? Object.keys(shape) : []));
}

function renderPath(path: ValuePath): string {
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  return quote(text);
}

function renderBad(what: string, found: string, expected: string): string {
  return found === '' ? `${what} must be ${expected}.` : `${what} is ${quote(found)}, and must be ${expected}.`;
}

export function quote(text: string): string {
  return `"${cutFound(text)}"`;
}
