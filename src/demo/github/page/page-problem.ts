import type { Context } from 'hono';
import { z } from 'zod';
import { Refusal } from '../state/refusal.ts';
import type { Html } from './html.ts';
import { renderNotice } from './render-layout.ts';

/** What a person sees when GitHub says no, when a field is wrong, or when the page itself failed. */
export function answerProblem(error: Error, context: Context): Promise<Response> {
  if (error instanceof Refusal) {
    const details = (error.errors ?? []).map((one) => one.message ?? `${one.resource}: ${one.field ?? ''} ${one.code}`);
    const text = [error.message, ...details].join(' · ');
    return answer(
      error.status,
      renderNotice({ title: error.status === 404 ? 'Not found' : 'Refused', text, back: '/' }),
    );
  }
  if (error instanceof z.ZodError) {
    const text = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' · ');
    return answer(422, renderNotice({ title: 'Not accepted', text, back: '/' }));
  }
  return answer(500, renderNotice({ title: 'This page failed', text: error.message, back: context.req.path }));
}

async function answer(status: number, page: Html): Promise<Response> {
  return new Response(String(await page), { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
