// What the two walks over all routes share.
import { RateMeter } from '../../src/demo/github/rest/rate-limit.ts';
import { createRoutes } from '../../src/demo/github/rest/routes.ts';
import { repository, type TestWorld } from './local-github-world.ts';

/** Routes are named `METHOD template`. */
export function isThreadRoute(route: string): boolean {
  return /\/(issues|labels|pulls|check-runs|check-suites)\b/.test(route) && !route.includes('{commit_sha}/pulls');
}

/** Routes that exist, fit, and were not asked for. */
export async function readUnusedRoutes(world: TestWorld, fits: (route: string) => boolean): Promise<string[]> {
  const { requests } = await world.control.readState();
  const used = new Set(requests.map(({ method, template }) => `${method} ${template}`));
  const routes = createRoutes(new RateMeter()).map(({ method, template }) => `${method} ${template}`);
  return routes.filter((route) => fits(route) && !used.has(route));
}

/** A pull request with two files from `topic/one`. */
export async function openTopic({ control }: TestWorld) {
  const files = { 'src/a.txt': 'one\n2\nthree\n', 'src/b.txt': 'b\n' };
  await control.pushCommit({ as: 'alice', repository, branch: 'topic/one', message: 'Topic', files });
  return control.openPull({ as: 'alice', repository, title: 'Topic', head: 'topic/one' });
}
