// A repository on a GitHub in memory, and workers that carry chores out on it: each may die at any call, and lists lag.
import type { ChoresRecord, SharedLearning } from '../../src/core/model/chores.ts';
import { openChores } from '../../src/core/model/chores.ts';
import type { NotesOutcome, SettingsOutcome } from '../../src/core/model/result.ts';
import { toChoresId } from '../../src/core/model/subject.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { proposeNotes } from '../../src/engine/propose-notes.ts';
import { proposeSettings } from '../../src/engine/propose-settings.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { learning, repository } from '../core/chores/chores-world.ts';
import { createHub, type Hub, type HubPull } from '../simulation/hub.ts';
import { createObjects, hashText } from '../simulation/objects.ts';
import { createSimulatedGitHub } from '../simulation/simulated-github.ts';
import { quiet } from '../support/quiet.ts';

export const policyPath = '.github/gatepilot.yml';
export const notesPolicy = 'notes: { file: NOTES.md }\n';
const lagMs = 20_000;

export function shared(text: string, number = 1): SharedLearning {
  return { ...learning(text), number, runId: 'r1' };
}

/** It never answers: whoever asked is dead. */
const never = () => new Promise<never>(() => undefined);

export interface Fate {
  /** Dies at this call of GitHub, counted from 1. */
  readonly diesAt?: number;
  /** The call had its effect before. */
  readonly isDone?: boolean;
  /** Does not die: the call fails with this. */
  readonly error?: ExternalError;
}

export class ChoresStage {
  now = 1_000_000;
  readonly hub: Hub;
  record: ChoresRecord = openChores(repository);
  changes: Partial<GitHubPort> = {};
  /** Calls of the newest worker. */
  calls = 0;

  constructor(files: Record<string, string>) {
    const objects = createObjects();
    this.hub = createHub({
      objects,
      listLagMs: lagMs,
      now: () => this.now,
      step: () => 0,
      emit: () => undefined,
    });
    this.hub.branches.set('main', objects.commit(new Map(Object.entries(files)), [], 'First', this.now).id);
  }

  pulls(): HubPull[] {
    return [...this.hub.pulls.values()];
  }

  file(path: string, branch = 'main'): string | undefined {
    return this.hub.objects.get(this.hub.branches.get(branch) ?? '').tree.get(path);
  }

  /** As somebody commits to a branch. */
  write(branch: string, path: string, text: string): void {
    const { objects, branches } = this.hub;
    const parent = branches.get(branch) ?? '';
    const tree = new Map([...objects.get(parent).tree, [path, text]]);
    this.hub.push(branch, objects.commit(tree, [parent], 'By hand', this.now).id, 'maria');
  }

  notes(learnings: readonly SharedLearning[], fate: Fate = {}): Promise<NotesOutcome> {
    const action: Held<'propose_notes'>['action'] = {
      kind: 'propose_notes',
      id: 'propose-notes-1',
      learnings: [...learnings],
    };
    return proposeNotes(this.#work(fate), this.#hold(action));
  }

  settings(fate: Fate = {}, reason: 'installed' | 'used' = 'installed'): Promise<SettingsOutcome> {
    return proposeSettings(
      this.#work(fate),
      this.#hold({ kind: 'propose_settings', id: 'propose-settings-1', reason }),
    );
  }

  #hold<K extends 'propose_notes' | 'propose_settings'>(action: Held<K>['action']): Held<K> {
    return {
      subject: toChoresId(repository),
      action,
      token: 'token',
      record: structuredClone(this.record),
      isSettling: false,
      stillHolds: () => true,
    } as unknown as Held<K>;
  }

  #work({ diesAt, isDone = false, error }: Fate): WorkPorts {
    this.calls = 0;
    const port = { ...createSimulatedGitHub(this.hub), ...this.changes };
    let isDead = false;
    const calling =
      (call: (...args: never[]) => Promise<unknown>) =>
      async (...args: never[]) => {
        if (isDead) return await never();
        this.calls += 1;
        const isFated = this.calls === diesAt;
        if (isFated && !error) isDead = true;
        if (isFated && !isDone) return error ? Promise.reject(error) : await never();
        const answer = await call(...args);
        if (isFated) return error ? Promise.reject(error) : await never();
        return answer;
      };
    const github = Object.fromEntries(
      Object.entries(port).map(([name, call]) => [name, calling(call as (...args: never[]) => Promise<unknown>)]),
    ) as unknown as GitHubPort;
    const store = { takeTokens: async () => ({ kind: 'taken' as const }) };
    return {
      github: budgetWrites(github, { store, perMinute: 40 }),
      hash: hashText,
      log: quiet,
    } as unknown as WorkPorts;
  }
}

export const lost = new ExternalError({ system: 'github', message: 'write: GitHub answered 502', retry: 'soon' });
export const forbidden = new ExternalError({ system: 'github', message: 'write: GitHub answered 403', retry: 'never' });
export const longEnoughMs = lagMs + 10_000;
