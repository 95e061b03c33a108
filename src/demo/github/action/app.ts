// Creating Apps and handing out their tokens.
import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { App, AppPermissions, Installation, Token } from '../state/app.ts';
import { accountOf } from '../state/find.ts';
import { invalid, notFound } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';

export const defaultPermissions: AppPermissions = {
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  statuses: 'read',
  administration: 'read',
  merge_queues: 'read',
  metadata: 'read',
};

/** Every event that is sent to Apps that subscribe. The others are sent to every App they concern. */
export const subscribableEvents: readonly string[] = [
  'check_run',
  'check_suite',
  'create',
  'delete',
  'issue_comment',
  'issues',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'status',
];

export interface NewApp {
  readonly name: string;
  readonly owner: string;
  readonly permissions: AppPermissions;
  readonly events: readonly string[];
  readonly webhookUrl: string | null;
  readonly webhookSecret: string | null;
}

const createKeyPair = promisify(generateKeyPair);

export async function createApp(world: World, input: NewApp): Promise<App> {
  const slug = input.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (slug === '' || [...world.apps.values()].some((app) => app.slug === slug)) {
    throw invalid({ resource: 'Integration', field: 'name', code: 'already_exists' });
  }
  accountOf(world, input.owner);
  const { privateKey, publicKey } = await createKeyPair('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const app: App = {
    ...input,
    id: world.nextId(),
    slug,
    clientId: `Iv23li${randomBytes(7).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    privateKey,
    publicKey,
    hookId: world.nextId(),
    permissions: { ...input.permissions, metadata: 'read' },
    createdAt: world.now(),
  };
  world.apps.set(app.id, app);
  const bot = {
    id: world.nextId(),
    login: `${slug}[bot]`,
    kind: 'Bot' as const,
    name: null,
    email: null,
    appId: app.id,
  };
  world.accounts.set(bot.login.toLowerCase(), bot);
  return app;
}

/** The App a manifest code was given for. A code works once. */
export function redeemManifest(world: World, code: string): App {
  const app = world.apps.get(world.manifestCodes.get(code) ?? 0);
  if (!app) throw notFound();
  world.manifestCodes.delete(code);
  return app;
}

/** As on GitHub. */
const tokenLifeMs = 3_600_000;

export function issueToken(
  world: World,
  installation: Installation,
  of: { permissions: AppPermissions; repositories?: readonly Repository[] },
): Extract<Token, { kind: 'installation' }> {
  const token = {
    kind: 'installation' as const,
    value: `ghs_${randomBytes(18).toString('hex')}`,
    installationId: installation.id,
    permissions: of.permissions,
    expiresAt: world.now() + tokenLifeMs,
    ...(of.repositories ? { repositories: new Set(of.repositories.map(({ id }) => id)) } : {}),
  };
  world.tokens.set(token.value, token);
  return token;
}

export function issuePersonToken(world: World, login: string): string {
  const account = accountOf(world, login);
  const value = `ghp_${randomBytes(18).toString('hex')}`;
  world.tokens.set(value, { kind: 'person', value, login: account.login });
  return value;
}
