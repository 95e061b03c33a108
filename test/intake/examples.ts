// The payloads that the community collected of GitHub's webhooks: what an App really receives, of every kind.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Collection = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }));

export interface Example {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const folder = join(dirname(createRequire(import.meta.url).resolve('@octokit/webhooks-examples')), '..');

export const hosts = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'] as const;

export function readExamples(host: (typeof hosts)[number] = 'api.github.com'): Example[] {
  const collection = Collection.parse(JSON.parse(readFileSync(join(folder, host, 'index.json'), 'utf8')));
  return collection.flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));
}
