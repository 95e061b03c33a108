// These pages act without a login, so they answer only who is at this machine: requests that name this machine (a
// foreign name that resolves to it is DNS rebinding), and forms that come from these pages themselves.
import type { MiddlewareHandler } from 'hono';
import { isLoopbackHost } from './loopback-host.ts';
import { renderNotice } from './render-layout.ts';

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const pageGuard: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host');
  if (!isLoopbackHost(host)) {
    return context.html(refuse('These pages are for this machine only.'), 403);
  }
  // Browsers send the origin with every form, and no page can forge it.
  const origin = context.req.header('origin');
  if (context.req.path.startsWith('/-/') && context.req.method !== 'GET' && origin !== `http://${host}`) {
    return context.html(refuse('This form did not come from a page of the local GitHub.'), 403);
  }
  await next();
  context.header('content-security-policy', policy);
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'same-origin');
  context.header('cache-control', 'no-store');
  return undefined;
};

function refuse(text: string) {
  return renderNotice({ title: 'Refused', text, back: '/' });
}
