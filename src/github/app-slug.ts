import { call } from './call.ts';
import type { OctokitPool } from './octokit-pool.ts';

const slugs = new WeakMap<OctokitPool, Promise<string>>();

/** The App's name in logins. It does not change while we run. */
export function readSlug(pool: OctokitPool): Promise<string> {
  const known = slugs.get(pool);
  if (known !== undefined) return known;
  const asked = call('read the app', () => pool.app.rest.apps.getAuthenticated()).then(({ data }) => data?.slug ?? '');
  slugs.set(pool, asked);
  asked.catch(() => slugs.delete(pool));
  return asked;
}

/** Whether this is the login under which our own App writes. */
export function isOurLogin(user: { readonly type?: string; readonly login?: string } | null | undefined, slug: string) {
  return slug !== '' && user?.type === 'Bot' && user.login === `${slug}[bot]`;
}
