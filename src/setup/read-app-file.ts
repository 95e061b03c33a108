// app.yml: the one place where it is stated what the App may do and what it hears of.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
export type AppFile = z.infer<typeof AppFile>;

export async function readAppFile(): Promise<AppFile> {
  return AppFile.parse(parse(await readFile(join(import.meta.dirname, '../../app.yml'), 'utf8')));
}
