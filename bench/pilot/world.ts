// A world is a repository with something about it that its tasks do not know, and a plan for it. Only its data lives here;
// what the engine makes of it is played by play-world.ts.

/** Something true of the repository that a task may need. */
export interface Fact {
  /** What the prompt of a task must hold for its agent to know the fact: words of the fact that nothing else contains. */
  readonly token: string;
  /** The line of a log that states it. */
  readonly line: string;
}

export interface WorldTask {
  readonly key: string;
  readonly title: string;
  readonly prompt: string;
  readonly dependsOn?: readonly string[];
  /** The fact without which every attempt fails. */
  readonly needs?: string;
  /** In which of its own failing logs the fact is stated first; 0 is never. */
  readonly statedIn?: number;
  /** So many attempts end by a fault that has nothing to do with the task. */
  readonly crashes?: number;
  /** An order to the reader of the log, as somebody hostile would write it. */
  readonly poison?: string;
  /** Fails whatever it is told. */
  readonly isHopeless?: boolean;
  readonly minutes?: number;
}

export interface World {
  readonly name: string;
  /** What is the matter with it, in one sentence. */
  readonly story: string;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly tasks: readonly WorldTask[];
  readonly maxAttempts?: number;
  /** How the scripted pilot takes an order that stands in a log: once, until it is refused, or as often as it reads it. */
  readonly obeys?: 'once' | 'always';
  /** What a pilot is good for here: a fact is missing and can be found; nothing can be gained; nothing fails. */
  readonly expects: 'help' | 'no harm' | 'no call';
}

/** The folder that is the task's own: no two tasks overlap. */
export function pathOf(task: WorldTask): string {
  return `src/${task.key}/**`;
}

/** The task lacks something, or waits for one that does: what a good decision can rescue. */
export function listEndangered({ tasks }: World): string[] {
  const endangered = new Set<string>();
  for (const task of tasks) {
    const isTroubled = task.needs !== undefined || task.crashes !== undefined || task.isHopeless === true;
    if (isTroubled || task.dependsOn?.some((key) => endangered.has(key))) endangered.add(task.key);
  }
  return [...endangered];
}
