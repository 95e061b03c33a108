// The answer to `config`: what is in force here, from where, and what is not and why.
import type { CatalogEntry } from '../resource/open-catalog.ts';
import { type ResourceKind, resourceKinds } from '../resource/resource.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

interface ConfigView {
  readonly at: string | undefined;
  readonly branch: string;
  readonly hasFile: boolean;
  /** What the file sets and what applies. */
  readonly settings: readonly {
    readonly key: string;
    /** The organisation's, where it is not the repository's own. */
    readonly file?: string;
    /** What the file says now is wrong. */
    readonly isEarlier?: boolean;
    readonly value: unknown;
  }[];
  /** Where the organisation's settings are, if there is such a place and it can be read. */
  readonly organisation: { readonly repository: string; readonly hasFile: boolean } | undefined;
  readonly mistakes: readonly string[];
  readonly entries: readonly CatalogEntry[];
}

const rowsAtMost = 150;

export function renderConfig(view: ConfigView): string {
  const at = view.at === undefined ? '' : ` at \`${view.at.slice(0, 10)}\``;
  return [
    `this is in force on ${quoteCode(view.branch)}${at}.`,
    renderSettings(view),
    ...resourceKinds.map((kind) => renderKind(kind, view.entries)),
    view.entries.length > rowsAtMost ? `Only the first ${rowsAtMost} resources are listed.` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderSettings({ hasFile, settings, mistakes, organisation }: ConfigView): string {
  const file = '`.github/gatepilot.yml`';
  const rows = settings.map(
    ({ key, value, file: from, isEarlier }) =>
      `| ${quoteCode(key)} | ${quoteCode(JSON.stringify(value) ?? '', 300)} | ${from === undefined ? 'here' : quoteCode(from)}${isEarlier ? ', an earlier version' : ''} |`,
  );
  const table = rows.length === 0 ? '' : `\n\n| key | value | from |\n|---|---|---|\n${rows.join('\n')}`;
  const others = hasFile
    ? 'Every other setting has its default.'
    : `There is no ${file} here: every other setting has its default.`;
  const layer = !organisation
    ? 'Settings of the owner are read from its repository `.github`: there is none, or this App is not installed on it.'
    : `Below it are the settings of ${quoteCode(organisation.repository)}${organisation.hasFile ? '.' : ', which has no such file.'}`;
  const wrong = mistakes.map((mistake) => `\n- ${quoteInline(mistake, 300)}`).join('');
  return `### Settings${table}\n\n${others} ${layer}${wrong === '' ? '' : `\n\nMistakes:\n${wrong}`}`;
}

const titles: Readonly<Record<ResourceKind, string>> = { agent: 'Agents', workflow: 'Workflows', skill: 'Skills' };

function renderKind(kind: ResourceKind, entries: readonly CatalogEntry[]): string {
  const rows = entries
    .slice(0, rowsAtMost)
    .filter((entry) => entry.kind === kind)
    .map(renderEntry);
  if (rows.length === 0) return '';
  return [`### ${titles[kind]}`, '', '| name | from | state | |', '|---|---|---|---|', ...rows].join('\n');
}

function renderEntry({ name, source, state, why, description }: CatalogEntry): string {
  const shown = state === 'active' ? state : `**${state}**`;
  const text = [why, state === 'active' ? description : undefined].filter((part) => part !== undefined).join(' ');
  return `| ${quoteCode(name, 60)} | ${source ?? '–'} | ${shown} | ${quoteInline(text, 300)} |`;
}
