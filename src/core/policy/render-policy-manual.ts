// The manual of `.github/gatepilot.yml`, made from its schema, so that it cannot say something else.
import { z } from 'zod';
import { policyJsonSchema } from './policy-json-schema.ts';

const Property = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  get properties() {
    return z.record(z.string(), Property).optional();
  },
  get items() {
    return z.object({ properties: z.record(z.string(), Property).optional() }).optional();
  },
});
type Property = z.infer<typeof Property>;

interface InForce {
  /** Whether a key may be set to something else than its default. */
  /** Where a mistake refuses the run. */
  readonly guardedSections: readonly string[];
}

export function renderPolicyManual({ guardedSections }: InForce): string {
  const root = Property.parse(policyJsonSchema());
  const keys = Object.entries(root.properties ?? {});
  const single = keys.filter(([, property]) => property.properties === undefined);
  const sections = keys.flatMap(([name, property]) => (property.properties ? renderSection(name, property) : []));
  const entries = single.flatMap(([name, { items }]) => (items?.properties ? renderEntry(name, items.properties) : []));
  return [
    '# Configuration',
    '',
    '`.github/gatepilot.yml` on the default branch. Every key is optional. A mistake is shown on the run with its line; its key',
    'keeps what the file said when it was last right there, else what a file without it would mean. A mistake in',
    `${renderList(guardedSections)} that was never right refuses the run: guessing would make the gate`,
    'weaker than was asked for. So does a file that cannot be read and never could.',
    '',
    'A key that the file said rightly before keeps that. Any other mistake in `verify`, `gate`, `sandbox`, `setup`, `review` or',
    '`publish` starts no run and shuts the gate that needs the key until it is mended, in whichever version of the file it is made:',
    'a name with a slip and a file that cannot be read are such mistakes as well. The check of a pull request that changes the file shows',
    'them before they are merged. Where the gate is required, the mending itself takes somebody who may pass the rules of the branch.',
    '',
    'What the file does not set comes from `.github/gatepilot.yml` in the repository `.github` of the same owner, if the App is',
    'installed on that as well: on its default branch, key by key, and lists are not joined. `schedule` is only taken from the',
    'repository itself. A mistake there is told with its file and keeps what was last right; `config` says where each value',
    'comes from. A change there is in force everywhere within a minute, for what starts from then on; checks of pull requests,',
    'which are there already, follow it within a day, and a change of the own file within seconds.',
    '',
    'A run that is under way is verified by what the base branch says when that happens: `verify`, `gate`, `setup`, `review`,',
    '`publish` and the limits of `sandbox` follow it, and overrides and dismissals that were given before end. Everything else,',
    '`sandbox.network` and `review.fix_rounds` among it, stays as it was when the run started. Where those settings cannot be followed,',
    'its gate is shut with the reason.',
    '',
    'Editors complete and check the file by [its JSON Schema](schema/gatepilot.json): with a first line such as',
    '`# yaml-language-server: $schema=<where that file is>`, or by their settings.',
    '',
    renderTable('', single),
    ...sections,
    ...entries,
    '',
  ].join('\n');
}

function renderList(sections: readonly string[]): string {
  const quoted = sections.map((section) => `\`${section}\``);
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function renderSection(name: string, section: Property): string[] {
  return [
    '',
    `## ${name}`,
    '',
    section.description ?? '',
    '',
    renderTable(`${name}.`, Object.entries(section.properties ?? {})),
  ];
}

/** What each entry of a list is made of. */
function renderEntry(name: string, properties: Readonly<Record<string, Property>>): string[] {
  const table = renderTable('', Object.entries(properties));
  return ['', `## Entries of ${name}`, '', table];
}

function renderTable(prefix: string, keys: readonly (readonly [string, Property])[]): string {
  const rows = keys.map(
    ([name, property]) =>
      `| \`${prefix}${name}\` | ${renderType(property)} | ${renderDefault(property)} | ${(property.description ?? '').replaceAll('|', '\\|')} |`,
  );
  return ['| key | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function renderType({ type, enum: values, minimum, maximum }: Property): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'array') return 'list';
  const range =
    minimum === undefined && maximum === undefined ? '' : ` ${minimum ?? ''}–${isHuge(maximum) ? '' : (maximum ?? '')}`;
  return `${type ?? 'text'}${range}`;
}

function isHuge(value: number | undefined): boolean {
  return value !== undefined && value >= Number.MAX_SAFE_INTEGER;
}

function renderDefault({ default: value }: Property): string {
  return value === undefined ? '–' : `\`${JSON.stringify(value)}\``;
}
