// The pages of the local GitHub, as a person would see it on GitHub. Rendered on the server from the same snapshot
// the tests read; what a page does is a verb of Actions. They hold no state but the choice of whom to act as.
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import type { Actions } from '../action/actions.ts';
import { notFound } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { findForm } from './form-verbs.ts';
import { pageGuard } from './page-guard.ts';
import { answerProblem } from './page-problem.ts';
import { actorCookie, createPageReader, type PageReader } from './page-reader.ts';
import { renderCommitPage } from './render-commit-page.ts';
import { renderHomePage } from './render-home-page.ts';
import { renderIssuePage } from './render-issue-page.ts';
import { pullTabs } from './render-pull-head.ts';
import { renderPullPage } from './render-pull-page.ts';
import { renderRepositoryPage } from './render-repository-page.ts';

/** Short enough that a stopping server does not wait for a page that follows it. */
const followMs = 10_000;

/** To be mounted at `/`, after the routes it must not shadow: it takes `/`, `/-/…` and `/owner/name…`. */
export function pageRoutes(world: World, act: Actions): Hono {
  const reader = createPageReader(world, act);
  const pages = new Hono();
  pages.onError(answerProblem);
  pages.use('*', pageGuard);
  addStaticRoutes(pages);
  addFormRoutes(pages, act);
  addPageRoutes(pages, { reader, act });
  return pages;
}

function addStaticRoutes(pages: Hono): void {
  const style = readStatic('page.css');
  const script = readStatic('page.js');
  pages.get('/-/page.css', (context) => context.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }));
  pages.get('/-/page.js', (context) => context.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
}

function readStatic(name: string): string {
  return readFileSync(new URL(`static/${name}`, import.meta.url), 'utf8');
}

function addFormRoutes(pages: Hono, act: Actions): void {
  pages.get('/-/changes', async (context) => {
    const after = Number(context.req.query('after')) || 0;
    const { changes, last } = await act.readChanges({ after, waitMs: followMs });
    // Every request and delivery is a change too, and shows on no page.
    const isVisible = changes.some((change) => !['request', 'delivery', 'held'].includes(change.kind));
    return context.json({ last, isVisible });
  });

  pages.post('/-/actor', async (context) => {
    const fields = await context.req.parseBody();
    const options = { path: '/', httpOnly: true, sameSite: 'Strict' } as const;
    setCookie(context, actorCookie, String(fields.actor), options);
    return context.redirect(ownPath(fields.back), 303);
  });

  pages.post('/-/do/:verb', async (context) => {
    const submit = findForm(context.req.param('verb'));
    if (submit === undefined) throw notFound();
    const fields = await context.req.parseBody();
    const target = await submit(act, fields);
    return context.redirect(target ?? ownPath(fields.back), 303);
  });
}

function addPageRoutes(pages: Hono, { reader, act }: { reader: PageReader; act: Actions }): void {
  pages.get('/', async (context) => context.html(renderHomePage(await reader.readPage(context))));

  pages.get('/:owner/:name', async (context) => {
    const { owner, name } = context.req.param();
    const view = await reader.readRepository(context, owner, name);
    return context.html(renderRepositoryPage(await reader.readRecentCommits(view), view));
  });

  pages.get('/:owner/:name/:list{(?:issues|pulls)}', async (context) => {
    const { owner, name } = context.req.param();
    const view = await reader.readRepository(context, owner, name);
    return context.redirect(view.repositoryPath);
  });

  pages.get('/:owner/:name/issues/:number{[0-9]+}', async (context) => {
    const { owner, name, number } = context.req.param();
    const view = await reader.readRepository(context, owner, name);
    if (view.repository.pulls.some((pull) => pull.number === Number(number))) {
      return context.redirect(`${view.repositoryPath}/pull/${number}`);
    }
    const issue = view.repository.issues.find((candidate) => candidate.number === Number(number));
    if (issue === undefined) throw notFound();
    return context.html(renderIssuePage(issue, view));
  });

  pages.get('/:owner/:name/pull/:number{[0-9]+}/:tab?', async (context) => {
    const { owner, name, number, tab: wanted = 'conversation' } = context.req.param();
    const view = await reader.readRepository(context, owner, name);
    const pull = view.repository.pulls.find((candidate) => candidate.number === Number(number));
    const tab = pullTabs.find((candidate) => candidate === wanted);
    if (pull === undefined || tab === undefined) throw notFound();
    const diff =
      tab === 'files' ? await act.readPullDiff({ repository: view.repository.fullName, number: pull.number }) : '';
    return context.html(renderPullPage({ pull, tab, diff }, view));
  });

  pages.get('/:owner/:name/commit/:sha', async (context) => {
    const { owner, name, sha } = context.req.param();
    const view = await reader.readRepository(context, owner, name);
    return context.html(renderCommitPage(await reader.readCommit(view, sha), view));
  });

  // The web address of a check run leads to the pull request that shows it.
  pages.get('/:owner/:name/runs/:id', async (context) => {
    const { owner, name, id } = context.req.param();
    const view = await reader.readRepository(context, owner, name);
    const pull = view.repository.pulls.find((candidate) => candidate.checks.some((run) => run.id === Number(id)));
    if (pull === undefined) throw notFound();
    return context.redirect(`${view.repositoryPath}/pull/${pull.number}/checks#check-${id}`);
  });

  pages.notFound(() => {
    throw notFound();
  });
}

/** Where a form said it came from, if that is on this site. */
function ownPath(back: unknown): string {
  const here = 'http://here.invalid';
  if (typeof back !== 'string' || !URL.canParse(back, here)) return '/';
  const target = new URL(back, here);
  return target.origin === here ? `${target.pathname}${target.hash}` : '/';
}
