import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const AppFile = z.object({
  name: z.string(),
  url: z.string(),
  description: z.string(),
  public: z.boolean(),
  hook_attributes: z.object({ url: z.string(), active: z.boolean() }),
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
  default_events: z.array(z.string()),
});
type AppFile = z.infer<typeof AppFile>;

/** app.yml as GitHub's manifest: the one place where permissions and events are stated. */
export async function renderManifest(options: {
  appFile: string;
  webhookUrl: string;
  redirectUrl: string;
}): Promise<string> {
  const app: AppFile = AppFile.parse(parse(await readFile(options.appFile, 'utf8')));
  return JSON.stringify({
    ...app,
    hook_attributes: { ...app.hook_attributes, url: options.webhookUrl },
    redirect_url: options.redirectUrl,
  });
}
