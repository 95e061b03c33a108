import type { RepositorySnapshot, Snapshot } from '../state/snapshot.ts';

/** What every page is rendered from. */
export interface PageView {
  readonly snapshot: Snapshot;
  /** Login of the person whom the forms act as; empty when nobody exists yet. */
  readonly actor: string;
  /** Of the API port. */
  readonly origin: string;
  /** Of this page, to come back to after a form. */
  readonly here: string;
}

export interface RepositoryView extends PageView {
  readonly repository: RepositorySnapshot;
  /** `/owner/name`. */
  readonly repositoryPath: string;
}

export function actorRole(view: RepositoryView): string {
  const { repository, actor } = view;
  const login = actor.toLowerCase();
  if (repository.fullName.toLowerCase().startsWith(`${login}/`)) return 'admin';
  return repository.roles[login] ?? (repository.isPrivate ? 'none' : 'read');
}

export function isBot(view: PageView, login: string): boolean {
  return view.snapshot.accounts.some((account) => account.login === login && account.kind === 'Bot');
}
