// The operator's programs, one file each, named after the moment that it is run at. What is about to happen comes as JSON
// on its stdin. Before something it ends with 0 to let that happen; anything else, and no end at all, says no.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findNearestName } from '../core/command/nearest-name.ts';
import { type HookAnswer, type HookName, type HookPort, hookNames } from '../engine/port/hook.ts';
import { EnvironmentMistake } from '../env.ts';

const timeoutMs = 30_000;
const outputAtMost = 500;

export interface HookOptions {
  /** Undefined where the operator has none. */
  readonly folder: string | undefined;
  /** All that the programs get of our environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Throws EnvironmentMistake for a file that would never be run: what was meant to say no must not be missed in silence. */
export async function openHooks({ folder, environment }: HookOptions): Promise<HookPort> {
  const programs = folder === undefined ? new Map<HookName, string>() : await listPrograms(folder);
  return {
    async run(name, facts, signal) {
      const path = programs.get(name);
      if (path === undefined) return { kind: 'passed' };
      return await ask(path, { environment, facts: { hook: name, ...facts }, signal });
    },
  };
}

async function listPrograms(folder: string): Promise<Map<HookName, string>> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw new EnvironmentMistake(`GATEPILOT_HOOKS ${folder} cannot be read: ${String(error)}`);
  });
  const programs = new Map<HookName, string>();
  for (const file of files.toSorted()) {
    const name = hookNames.find((known) => known === file);
    if (!name) {
      const nearest = findNearestName(file, hookNames);
      const hint = nearest === undefined ? `known are ${hookNames.join(', ')}` : `did you mean "${nearest}"?`;
      throw new EnvironmentMistake(`GATEPILOT_HOOKS holds "${file}", which is run at no moment; ${hint}`);
    }
    const path = join(folder, file);
    await access(path, constants.X_OK).catch(() => {
      throw new EnvironmentMistake(`GATEPILOT_HOOKS holds "${file}", which cannot be executed: chmod +x ${path}`);
    });
    programs.set(name, path);
  }
  return programs;
}

interface Question {
  readonly environment: HookOptions['environment'];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
}

function ask(path: string, { environment, facts, signal }: Question): Promise<HookAnswer> {
  return new Promise((resolve) => {
    const child = spawn(path, [], {
      env: environment,
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(signal ? { signal } : {}),
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(0, outputAtMost);
    });
    // One that does not read what it is told may end before it is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(facts)}\n`);
    child.once('error', (error) => resolve({ kind: 'failed', why: `it could not be run (${error.message})` }));
    child.once('close', (code, ended) => {
      if (code === 0) return resolve({ kind: 'passed' });
      const end = code === null ? `it was ended by ${ended}` : `it exited with ${code}`;
      resolve({ kind: 'failed', why: errors.trim() === '' ? end : `${end}: ${errors.trim()}` });
    });
  });
}
