import { ControlRefused } from '../../github/control-client.ts';
import type { Story } from '../plan/chaos-plan.ts';
import type { LoadStage } from './load-stage.ts';
import { playOwnPull, playStranger } from './play-guest.ts';
import { playRun } from './play-run.ts';

export interface Told {
  readonly item: number;
  readonly kind: Story['kind'];
  readonly where: string;
  /** Where the people of the story left it, in words. */
  readonly end: string;
  readonly seconds: number;
}

/** What people say of a story when it is over for them. Whether all is well is not for them to say, but for the verdict. */
export async function playStory(stage: LoadStage, story: Story): Promise<Told> {
  const startedAt = Date.now();
  const repository = stage.repositories[story.repository] ?? '';
  const end = await play(stage, story, repository).catch((error: unknown) => {
    if (error instanceof ControlRefused) return `GitHub refused what a person did: ${error.message}`;
    throw error;
  });
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  return { item: story.item, kind: story.kind, where: repository, end, seconds };
}

async function play(stage: LoadStage, story: Story, repository: string): Promise<string> {
  switch (story.kind) {
    case 'run':
      return await playRun(stage, story, repository);
    case 'own_pull':
      return await playOwnPull(stage, story, repository);
    case 'stranger':
      return await playStranger(stage, story, repository);
  }
}
