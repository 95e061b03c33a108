// One bare repository and the way git is run in it: asynchronously, with argument arrays, and with an environment that
// holds nothing of the machine's or the user's git configuration.
import type { RunProcess } from '../../../subprocess/run-process.ts';
import { KnownAnswers } from './known-answers.ts';

/** Nothing of a demo or a test is as large or as slow as that. */
const maxBytes = 1024 * 1024 * 1024;
const timeoutMs = 10 * 60_000;

export interface GitOptions {
  readonly folder: string;
  /** An existing folder that is nobody's home. */
  readonly home: string;
  readonly searchPath: string;
  readonly runProcess: RunProcess;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer, not a failure. Default: 0 only. */
  readonly okCodes?: readonly number[];
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

class GitFailed extends Error {
  override readonly name = 'GitFailed';
}

export class Git {
  readonly folder: string;
  readonly #options: GitOptions;
  readonly #known = new KnownAnswers();
  #lastExclusive: Promise<unknown> = Promise.resolve();

  constructor(options: GitOptions) {
    this.folder = options.folder;
    this.#options = options;
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      PATH: this.#options.searchPath,
      HOME: this.#options.home,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      // Refs are read as files; see loose-refs.ts.
      GIT_DEFAULT_REF_FORMAT: 'files',
      LC_ALL: 'C',
    };
  }

  /** Throws GitFailed for an exit code that is not expected. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<GitAnswer> {
    const answer = await this.#known.find(args, () => this.#start(args, options));
    if (!(options.okCodes ?? [0]).includes(answer.code)) {
      throw new GitFailed(`git ${args.join(' ')}: exit ${answer.code}: ${answer.stderr}`);
    }
    return answer;
  }

  async #start(args: readonly string[], options: RunOptions): Promise<GitAnswer> {
    const { code, stdout, stderr } = await this.#options.runProcess({
      program: 'git',
      args: ['--git-dir', this.folder, ...args],
      cwd: this.#options.home,
      env: { ...this.environment, ...options.environment },
      input: options.input ?? '',
      maxBytes,
      timeoutMs,
    });
    return { code: code ?? -1, stdout, stderr: stderr.toString() };
  }

  /** Standard output as text, without the last line break. */
  async text(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return (await this.run(args, options)).stdout.toString().replace(/\n$/, '');
  }

  /** Runs one after the other what must see and change refs without anybody in between. */
  exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#lastExclusive.then(work, work);
    this.#lastExclusive = result.catch(() => {});
    return result;
  }
}
