import { readAppFile } from './read-app-file.ts';

/** app.yml as GitHub's manifest. */
export async function renderManifest(options: { webhookUrl: string; redirectUrl: string }): Promise<string> {
  const app = await readAppFile();
  return JSON.stringify({
    ...app,
    hook_attributes: { ...app.hook_attributes, url: options.webhookUrl },
    redirect_url: options.redirectUrl,
  });
}
