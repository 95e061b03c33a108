import type { Account } from '../state/account.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';

export interface NewAccount {
  readonly login: string;
  readonly kind?: 'User' | 'Organization';
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** The account of that login, made as a person when there is none. */
export function ensureAccount(world: World, input: NewAccount): Account {
  return world.accounts.get(input.login.toLowerCase()) ?? createAccount(world, input);
}

export function createAccount(world: World, input: NewAccount): Account {
  if (!/^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?$/i.test(input.login)) throw new Refusal(422, `${input.login} is no login`);
  if (world.accounts.has(input.login.toLowerCase())) throw new Refusal(422, `${input.login} is taken`);
  const account: Account = {
    id: world.nextId(),
    login: input.login,
    kind: input.kind ?? 'User',
    name: input.name ?? null,
    email: input.email ?? null,
  };
  world.accounts.set(account.login.toLowerCase(), account);
  return account;
}
