import { z } from 'zod';
import { ExternalError } from '../engine/external-error.ts';

const Converted = z.object({
  id: z.number().int().positive(),
  slug: z.string(),
  html_url: z.string(),
  pem: z.string().includes('-----BEGIN'),
  webhook_secret: z.string().min(1),
});
export type Converted = z.infer<typeof Converted>;

/** Trades the code of the manifest flow, which works once and for an hour, for the App's secrets. */
export async function convertCode(apiUrl: string, code: string): Promise<Converted> {
  const response = await fetch(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: 'POST',
    headers: { accept: 'application/vnd.github+json', 'user-agent': 'gatepilot' },
    signal: AbortSignal.timeout(30_000),
  }).catch((cause: unknown) => {
    throw new ExternalError({ system: 'github', message: `${apiUrl} could not be reached`, retry: 'soon', cause });
  });
  if (!response.ok) {
    throw new ExternalError({
      system: 'github',
      message: `GitHub answered ${response.status} to the manifest code`,
      retry: 'never',
    });
  }
  return Converted.parse(await response.json());
}
