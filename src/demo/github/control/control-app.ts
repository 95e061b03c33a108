// The control port: every verb of Actions, the state, the changes, and the page. Only what tests and a person at the
// demo use; the bot knows nothing of it.
import { Hono } from 'hono';
import { z } from 'zod';
import type { Actions } from '../action/actions.ts';
import { type Verb, verbs } from '../action/verbs.ts';
import { isLoopbackHost } from '../page/loopback-host.ts';
import { pageRoutes } from '../page/page-routes.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { createActions } from './create-actions.ts';
import { verbSchemas } from './verb-schemas.ts';

const ChangesQuery = z.object({ after: z.coerce.number().default(0), wait: z.coerce.number().default(0) });

export function createControlApp(world: World): Hono {
  const act = createActions(world);
  const app = new Hono();
  app.onError((error, context) => {
    if (error instanceof Refusal)
      return context.json({ message: error.message, errors: error.errors }, statusOf(error));
    if (error instanceof z.ZodError) return context.json({ message: z.prettifyError(error) }, 422);
    return context.json({ message: error.stack ?? error.message }, 500);
  });
  app.use(async (context, next) => {
    // A page elsewhere that reaches this machine under a name of its own may neither act nor read.
    if (!isLoopbackHost(context.req.header('host'))) throw new Refusal(403, 'Only by the loopback address');
    await next();
  });
  app.post('/act/:verb', async (context) => {
    const verb = verbs.find((known) => known === context.req.param('verb'));
    if (!verb) throw new Refusal(404, `There is no verb ${context.req.param('verb')}`);
    // A page of another site can post forms and plain text here, but not JSON without asking first.
    if (!context.req.header('content-type')?.startsWith('application/json')) throw new Refusal(415, 'Send JSON');
    const result = await perform(act, verb, await context.req.json());
    return result === undefined ? context.body(null, 204) : context.json(result);
  });
  app.get('/state', async (context) => context.json(await act.readState()));
  app.get('/changes', async (context) => {
    const { after, wait } = ChangesQuery.parse(context.req.query());
    return context.json(await act.readChanges({ after, waitMs: wait * 1000 }));
  });
  app.route('/', pageRoutes(world, act));
  return app;
}

function statusOf(refusal: Refusal) {
  const known = [403, 404, 405, 408, 409, 415, 422] as const;
  return known.find((status) => status === refusal.status) ?? 400;
}

async function perform(act: Actions, verb: Verb, input: unknown): Promise<unknown> {
  // The schema of a verb gives what the verb takes; the compiler cannot follow that through the union of verbs.
  const run = act[verb] as (input: unknown) => Promise<unknown>;
  return run(verbSchemas[verb].parse(input));
}
