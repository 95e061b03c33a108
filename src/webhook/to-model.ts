import type { Actor } from '../core/model/actor.ts';
import type { Repository } from '../core/model/subject.ts';
import type { RepositoryPayload, UserPayload } from './payload.ts';

export function toActor(user: UserPayload): Actor {
  return { id: user.id, login: user.login, kind: user.type === 'Bot' ? 'bot' : 'person' };
}

export function toRepository(host: string, repository: RepositoryPayload, installation: { id: number }): Repository {
  return {
    host,
    id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
    installationId: installation.id,
  };
}
