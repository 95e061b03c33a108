// Findings as people see them: what stands first, what was refuted folded with what refuted it. They are words of a model about
// text of strangers: every piece of them is made inert.
import type { Finding } from '../model/finding.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

interface Found {
  readonly findings: readonly Finding[];
  /** How many there are besides. */
  readonly omitted: number;
}

export function renderFindingList({ findings, omitted }: Found): string[] {
  const isOpen = ({ status }: Finding) => status !== 'refuted' && status !== 'fixed';
  const open = findings.filter(isOpen).map(renderFinding);
  return [
    open.length > 0 ? open.join('\n') : 'None that held.',
    omitted > 0 ? `${omitted} more are in the report, which an export of the run holds.` : '',
    renderFolded('Fixed', findings, 'fixed'),
    renderFolded('Refuted', findings, 'refuted'),
  ];
}

function renderFolded(title: string, findings: readonly Finding[], status: Finding['status']): string {
  const lines = findings.filter((finding) => finding.status === status).map(renderFinding);
  return lines.length === 0
    ? ''
    : `<details><summary>${title} (${lines.length})</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

export function renderFinding({ id, severity, status, path, line, what, how, why, by, isForPerson }: Finding): string {
  const place = quoteCode(line === undefined ? path : `${path}:${line}`, 320);
  const see = how === undefined ? '' : ` To see it: ${quoteInline(how, 400)}`;
  const because = why === undefined ? '' : ` (${quoteInline(why, 300)})`;
  const grade = isForPerson ? '**for a person to decide**' : `**${severity}**`;
  const name = id === undefined ? '' : `${quoteCode(id)} `;
  return `- ${name}${grade}, ${status}${because}: ${place} ${quoteInline(what, 400)}${see} <sub>${quoteCode(by)}</sub>`;
}
