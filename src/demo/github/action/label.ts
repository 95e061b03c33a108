import type { Actor } from '../state/actor.ts';
import type { Issue, Label } from '../state/issue.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { labelView } from '../view/issue-view.ts';
import { addIssueEvent, announceIssue } from './announce.ts';

/** Label names are compared without regard to case, as on GitHub. */
export function findLabel(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** The label of that name, made in grey when there is none: what happens when an unknown label is put on an issue. */
export function ensureLabel(world: World, repository: Repository, name: string): Label {
  return findLabel(repository, name) ?? createLabel(world, repository, { name, color: 'ededed', description: null });
}

export function createLabel(
  world: World,
  repository: Repository,
  label: { name: string; color: string; description: string | null },
): Label {
  if (findLabel(repository, label.name)) throw invalid({ resource: 'Label', field: 'name', code: 'already_exists' });
  if (label.name.trim() === '' || label.name.length > 50) {
    throw invalid({ resource: 'Label', field: 'name', code: 'invalid' });
  }
  if (!/^[0-9a-f]{6}$/i.test(label.color)) throw invalid({ resource: 'Label', field: 'color', code: 'invalid' });
  const created: Label = { id: world.nextId(), isDefault: false, ...label };
  repository.labels.push(created);
  return created;
}

/** Takes the label off every issue, without events. */
export function deleteLabel(repository: Repository, label: Label): void {
  repository.labels.splice(repository.labels.indexOf(label), 1);
  for (const issue of repository.issues.values()) issue.labels = issue.labels.filter((name) => name !== label.name);
}

interface OnIssue {
  readonly actor: Actor;
  readonly issue: Issue;
}

/** A label that is there already stays as it is and nothing is announced for it. */
export async function addLabels(
  world: World,
  repository: Repository,
  { actor, issue, names }: OnIssue & { names: readonly string[] },
): Promise<void> {
  for (const name of names) {
    const label = ensureLabel(world, repository, name);
    if (issue.labels.includes(label.name)) continue;
    issue.labels.push(label.name);
    issue.updatedAt = world.now();
    await announceLabel(world, repository, { issue, actor, name });
  }
}

/** Records and announces a label that is on the issue now. */
export async function announceLabel(
  world: World,
  repository: Repository,
  { actor, issue, name }: OnIssue & { name: string },
): Promise<void> {
  const label = ensureLabel(world, repository, name);
  addIssueEvent(world, issue, { kind: 'labeled', by: actor, label: { name: label.name, color: label.color } });
  const extra = { label: labelView(world, repository, label) };
  await announceIssue(world, repository, { issue, actor, action: 'labeled', extra });
}

/** Refuses with 404 when the label is not on the issue. */
export async function removeLabel(
  world: World,
  repository: Repository,
  { actor, issue, name }: OnIssue & { name: string },
): Promise<void> {
  const label = findLabel(repository, name);
  if (!label || !issue.labels.includes(label.name)) throw new Refusal(404, 'Label does not exist');
  issue.labels = issue.labels.filter((one) => one !== label.name);
  issue.updatedAt = world.now();
  addIssueEvent(world, issue, { kind: 'unlabeled', by: actor, label: { name: label.name, color: label.color } });
  const extra = { label: labelView(world, repository, label) };
  await announceIssue(world, repository, { issue, actor, action: 'unlabeled', extra });
}

/** Makes the issue's labels exactly these. */
export async function setLabels(
  world: World,
  repository: Repository,
  { actor, issue, names }: OnIssue & { names: readonly string[] },
): Promise<void> {
  const wanted = new Set(names.map((name) => ensureLabel(world, repository, name).name));
  for (const name of issue.labels.filter((one) => !wanted.has(one))) {
    await removeLabel(world, repository, { actor, issue, name });
  }
  await addLabels(world, repository, { actor, issue, names: [...wanted] });
}
