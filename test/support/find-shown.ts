// Where a text stands in what people can see: on GitHub, in artifacts, in logs.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Bot } from './bot.ts';

export async function findShown({ stack, logs }: Bot, text: string): Promise<string[]> {
  const artifacts = listFiles(join(dirname(stack.redis.socketPath), '../data/artifacts'));
  const { repositories, requests } = await stack.control.readState();
  const sent = requests.filter(({ token, method }) => token === 'installation' && method !== 'GET');
  const places = [
    ...artifacts.filter((path) => readIfThere(path).includes(text)).map(() => 'artifact'),
    ...sent
      .filter(({ requestBody }) => JSON.stringify(requestBody ?? '').includes(text))
      .map(({ method, template }) => `${method} ${template}`),
    ...repositories.filter((each) => JSON.stringify(each).includes(text)).map(() => 'repository'),
    ...logs.filter((line) => line.includes(text)).map(() => 'log'),
  ];
  return [...new Set(places)].toSorted();
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What is being written under another name first is gone from there a moment later; it is listed under its own. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
