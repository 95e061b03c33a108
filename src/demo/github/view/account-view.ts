import type { Account } from '../state/account.ts';
import { accountOf } from '../state/find.ts';
import type { World } from '../state/world.ts';
import { iso, nodeId } from './format.ts';
import type { Schemas } from './schema.ts';

export type UserView = Omit<Schemas['simple-user'], 'id' | 'name' | 'email' | 'type'> & {
  id: number;
  type: 'User' | 'Organization' | 'Bot';
};

export function userView(world: World, login: string): UserView {
  const account = accountOf(world, login);
  // The brackets of a bot's login are escaped in URLs.
  const name = encodeURIComponent(account.login);
  const url = `${world.origin}/api/v3/users/${name}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.kind, account.id),
    avatar_url: `${world.origin}/avatars/u/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.origin}/${name}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.kind,
    site_admin: false,
  };
}

export function publicUserView(world: World, account: Account): Schemas['public-user'] {
  return {
    ...userView(world, account.login),
    name: account.name,
    company: null,
    blog: null,
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: iso(0),
    updated_at: iso(0),
  };
}

export function organizationView(world: World, account: Account): Schemas['organization-simple-webhooks'] {
  const url = `${world.origin}/api/v3/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('Organization', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.origin}/avatars/u/${account.id}`,
    description: null,
  };
}
