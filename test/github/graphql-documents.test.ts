// Each document that is sent to GitHub asks for fields that there are, with arguments that there are: held to an excerpt of
// the published schema, by as much of GraphQL as they use.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { editsQuery } from '../../src/github/edits-query.ts';
import { readyQuery } from '../../src/github/ready-query.ts';
import { resolveQuery, threadsQuery, unresolveQuery } from '../../src/github/threads-query.ts';

interface Field {
  readonly args: ReadonlyMap<string, string>;
  readonly type: string;
  readonly isDeprecated: boolean;
}

/** One line for each field, however long it is. */
const schema = readFileSync(join(import.meta.dirname, 'github-schema.graphql'), 'utf8').replaceAll(
  /\n(?: {4,}| {2}(?=\)))/g,
  ' ',
);
const types = new Map(
  [...schema.matchAll(/^(?:type|interface|input) (\w+) \{\n([^}]*)^\}/gm)].map(([, name = '', body = '']) => [
    name,
    new Map(
      [...body.matchAll(/^ {2}(\w+)(?:\((.*?)\))?: (\S+)(.*)$/gm)].map(
        ([, field = '', args = '', type = '', rest = '']): [string, Field] => [
          field,
          { args: readArguments(args), type, isDeprecated: rest.includes('@deprecated') },
        ],
      ),
    ),
  ]),
);
const unions = new Map(
  [...schema.matchAll(/^union (\w+) = (.*)$/gm)].map(([, name = '', members = '']) => [name, members.split(' | ')]),
);

function readArguments(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/(\w+): ([\w[\]!]+)/g)].map(([, name = '', type = '']) => [name, type]));
}

const bare = (type: string) => type.replaceAll(/[[\]!]/g, '');

/** What is wrong with a document; empty: nothing. */
function findMistakes(document: string): string[] {
  const tokens = document.match(/\.\.\.|[{}()[\]:!]|\$\w+|\w+/g) ?? [];
  const mistakes: string[] = [];
  const variables = new Map<string, string>();
  const next = () => tokens.shift() ?? '';
  const takeUntil = (end: string) => {
    let text = '';
    for (let token = next(); token !== end && token !== ''; token = next()) text += `${token} `;
    return text;
  };
  const root = next() === 'mutation' ? 'Mutation' : 'Query';
  next();
  for (const [, name = '', type = ''] of takeUntil(')').matchAll(/(\$\w+) : ([\w !]+?) (?=\$|$)/g))
    variables.set(name, type.replaceAll(' ', ''));

  const readValues = (of: string, known: ReadonlyMap<string, string>) => {
    const given: string[] = [];
    for (let name = next(); name !== ')' && name !== '}' && name !== ''; name = next()) {
      next();
      const type = known.get(name);
      if (type === undefined) mistakes.push(`${of} takes no ${name}`);
      given.push(name);
      const value = next();
      if (value === '[') takeUntil(']');
      if (value === '{') {
        const fields = types.get(bare(type ?? '')) ?? new Map<string, Field>();
        readValues(`${of}.${name}`, new Map([...fields].map(([key, field]) => [key, field.type])));
      }
      const variable = value.startsWith('$') ? variables.get(value) : undefined;
      if (value.startsWith('$') && variable !== type && variable !== `${type}!`)
        mistakes.push(`${of} wants ${type} for ${name}, and ${value} is ${variable}`);
    }
    for (const [name, type] of known)
      if (type.endsWith('!') && !given.includes(name)) mistakes.push(`${of} needs ${name}`);
  };

  const readSelection = (on: string) => {
    for (let token = next(); token !== '}' && token !== ''; token = next()) {
      if (token === '...') {
        next();
        const member = next();
        next();
        if (!unions.get(on)?.includes(member)) mistakes.push(`${on} is no ${member}`);
        readSelection(member);
        continue;
      }
      let name = token;
      if (tokens[0] === ':') {
        next();
        name = next();
      }
      const field = types.get(on)?.get(name);
      if (!field) mistakes.push(`${on} has no ${name}`);
      if (field?.isDeprecated) mistakes.push(`${on}.${name} is deprecated`);
      if (tokens[0] === '(') {
        next();
        readValues(`${on}.${name}`, field?.args ?? new Map());
      }
      const type = bare(field?.type ?? '');
      const hasFields = types.has(type) || unions.has(type);
      if (hasFields !== (tokens[0] === '{')) mistakes.push(`${on}.${name} ${hasFields ? 'needs' : 'has no'} fields`);
      if (tokens[0] !== '{') continue;
      next();
      readSelection(type);
    }
  };
  if (next() !== '{') mistakes.push('it asks for nothing');
  readSelection(root);
  return mistakes;
}

it.each(Object.entries({ editsQuery, readyQuery, threadsQuery, resolveQuery, unresolveQuery }))(
  '%s is what GitHub’s schema allows',
  (_, text) => {
    expect(findMistakes(text)).toEqual([]);
  },
);

it('finds what it does not allow', () => {
  expect(findMistakes(threadsQuery.replace('isResolved', 'isSettled'))).toEqual([
    'PullRequestReviewThread has no isSettled',
  ]);
  expect(findMistakes(threadsQuery.replace('fullDatabaseId', 'databaseId'))).toEqual([
    'PullRequestReviewComment.databaseId is deprecated',
  ]);
  expect(findMistakes(threadsQuery.replace('$number: Int!', '$number: String!'))).toEqual([
    'Repository.pullRequest wants Int! for number, and $number is String!',
  ]);
  expect(findMistakes(threadsQuery.replace('first: 100, after', 'first: 100, behind'))).toHaveLength(2);
  expect(findMistakes(resolveQuery.replace('threadId: $', 'id: $'))).toEqual([
    'Mutation.resolveReviewThread.input takes no id',
    'Mutation.resolveReviewThread.input wants undefined for id, and $threadId is ID!',
    'Mutation.resolveReviewThread.input needs threadId',
  ]);
  expect(findMistakes(editsQuery.replace('RenamedTitleEvent {', 'ClosedEvent {'))).toContain(
    'IssueTimelineItems is no ClosedEvent',
  );
});
