// Git's own smart HTTP server as a CGI program. Requests and answers are held in memory: the repositories are small,
// and an answer that can be kept back or thrown away must exist as a whole first.
import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import type { Git } from './git.ts';

export interface GitRequest {
  readonly method: string;
  /** Below the repository: `/info/refs`, `/git-upload-pack`, `/git-receive-pack`. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Who is signed in. Git allows a push only to somebody. */
  readonly user: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface GitResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer>;
}

export async function runHttpBackend(git: Git, request: GitRequest): Promise<GitResponse> {
  const header = (name: string) => request.headers.get(name) ?? '';
  const child = spawn('git', ['http-backend'], {
    env: {
      ...git.environment,
      ...request.environment,
      GIT_PROJECT_ROOT: git.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: request.path,
      QUERY_STRING: request.query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: String(request.body.byteLength),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_ADDR: '127.0.0.1',
      ...(request.user === undefined ? {} : { REMOTE_USER: request.user }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(request.body);
  const exit = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  const [output] = await Promise.all([buffer(child.stdout), buffer(child.stderr), exit]);
  return parseCgi(output);
}

function parseCgi(output: Buffer): GitResponse {
  const end = output.indexOf('\r\n\r\n');
  if (end < 0) return { status: 500, headers: {}, body: Buffer.from('git http-backend gave no answer\n') };
  const lines = output.subarray(0, end).toString().split('\r\n');
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  const { status, ...headers } = Object.fromEntries(pairs) as Record<string, string>;
  return { status: Number.parseInt(status ?? '200', 10), headers, body: Buffer.from(output.subarray(end + 4)) };
}
