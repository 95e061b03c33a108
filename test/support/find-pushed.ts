// Whether a text is in anything that was ever pushed to a repository of the local GitHub: in every object that its git holds, reached
// by a branch or not.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Bot } from './bot.ts';

export async function isEverPushed({ stack }: Pick<Bot, 'stack'>, fullName: string, text: string): Promise<boolean> {
  const bare = join(dirname(stack.redis.socketPath), '../github/repositories', `${fullName.toLowerCase()}.git`);
  const all = ['--git-dir', bare, 'cat-file', '--batch', '--batch-all-objects', '--unordered'];
  const { stdout } = await promisify(execFile)('git', all, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.includes(text);
}
