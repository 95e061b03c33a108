// Git as any user would run it, for arranging and for looking: nothing of what is tested stands in between.
import { execFile, execFileSync } from 'node:child_process';

const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
} as const;

export function plainGit(folder: string, args: readonly string[], input: string | Uint8Array = ''): string {
  return plainGitBytes(folder, args, input).toString('utf8').trim();
}

export function plainGitBytes(folder: string, args: readonly string[], input: string | Uint8Array = ''): Buffer {
  const stdio = ['pipe', 'pipe', 'pipe'] as const;
  return execFileSync('git', ['-C', folder, ...args], {
    env: environment,
    input,
    stdio: [...stdio],
    maxBuffer: 1 << 28,
  });
}

/** Whether git accepts the command; for questions such as "is this object here". */
export function gitAccepts(folder: string, args: readonly string[]): boolean {
  try {
    plainGit(folder, args);
    return true;
  } catch {
    return false;
  }
}

/** Runs git whatever comes of it, without blocking this process: it may be the one that answers. */
export function tryPlainGit(folder: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile('git', ['-C', folder, ...args], { env: environment }, () => resolve());
  });
}
