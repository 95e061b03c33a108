import type { PolicyMistake } from '../policy/policy-mistake.ts';
import type { CatalogEntry } from '../resource/open-catalog.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderPolicyMistake } from './render-policy-mistake.ts';
import type { DesiredCheck } from './view.ts';

export const policyPath = '.github/gatepilot.yml';
const folder = '.gatepilot/';

export function isConfigPath(path: string): boolean {
  return path === policyPath || path.startsWith(folder);
}

interface ConfigChange {
  readonly head: string;
  /** What the pull request changes of it. */
  readonly paths: readonly string[];
  /** All resources as they would be with this head. */
  readonly entries: readonly CatalogEntry[];
  readonly policyMistakes: readonly PolicyMistake[];
}

/** GitHub takes no more in one request; the summary has all of them. */
const annotationsAtMost = 50;

export interface ConfigMistake {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export function isOfRepository({ source }: CatalogEntry): boolean {
  return source === 'repository';
}

/** What of the repository's own files does not apply, each with its place. */
export function listConfigMistakes({
  entries,
  policyMistakes,
}: Pick<ConfigChange, 'entries' | 'policyMistakes'>): readonly ConfigMistake[] {
  return [
    ...policyMistakes.map((mistake) => ({
      path: policyPath,
      line: mistake.line,
      message: renderPolicyMistake(mistake),
    })),
    ...entries
      .filter(isOfRepository)
      .flatMap(({ path = '', mistakes }) =>
        mistakes.map(({ line, text }) => ({ path: `${folder}${path}`, line, message: text })),
      ),
  ];
}

/** Says what would not work if this head were merged, beside the lines where it stands. */
export function renderConfigCheck({ head, paths, entries, policyMistakes }: ConfigChange): DesiredCheck {
  const own = entries.filter(isOfRepository);
  const annotations = listConfigMistakes({ entries, policyMistakes });
  const notices = own.flatMap(({ path = '', state, why, mistakes }) =>
    why === undefined || mistakes.length > 0
      ? []
      : [`- ${quoteCode(`${folder}${path}`)} is ${state}: ${quoteInline(why, 300)}`],
  );
  const count = annotations.length;
  const lines = annotations.map(
    ({ path, line, message }) => `- ${quoteCode(`${path}:${line}`)} ${quoteInline(message, 300)}`,
  );
  return {
    name: 'gatepilot/config',
    headSha: head,
    externalId: `config:${head}`,
    state: { kind: 'completed', conclusion: count === 0 ? 'success' : 'failure' },
    title: count === 0 ? 'Nothing is wrong' : `${count} ${count === 1 ? 'mistake' : 'mistakes'}`,
    summary: [
      `This changes how Gatepilot works here: ${paths
        .slice(0, 20)
        .map((path) => quoteCode(path))
        .join(', ')}. It has no effect before it is on the default branch.`,
      lines.join('\n'),
      notices.join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    ...(count === 0 ? {} : { annotations: annotations.slice(0, annotationsAtMost) }),
    actions: [],
  };
}
