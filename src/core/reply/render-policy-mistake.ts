import type { PolicyMistake } from '../policy/policy-mistake.ts';

/** Where it is, what stands there, what would be right: one sentence, still to be quoted by whoever shows it. */
export function renderPolicyMistake(mistake: PolicyMistake): string {
  const file = mistake.file === undefined ? '' : `in ${mistake.file}, `;
  const where = `${file}line ${mistake.line}, column ${mistake.column}`;
  const nearest = mistake.nearest === undefined ? '' : ` (did you mean ${mistake.nearest}?)`;
  const kept = mistake.kept ? ', and what the file said before is in force' : '';
  const key = mistake.path === '' ? '' : ` ${mistake.path}:`;
  return `${where}:${key} found ${mistake.found}, expected ${mistake.expected}${nearest}; it does not apply${kept}`;
}
