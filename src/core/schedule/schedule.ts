// One entry of `schedule` in a repository's settings: what is started without anybody asking, and when.
import { z } from 'zod';
import { openCron } from './timing.ts';

const namePattern = /^[a-z0-9][a-z0-9-]{0,49}$/;

export const Schedule = z
  .strictObject({
    name: z
      .string()
      .regex(namePattern, 'lower-case letters, digits and "-", at most 50')
      .describe('By which it is known; another name is another schedule.'),
    text: z.string().trim().min(1).max(4_000).describe('What is asked for, as after `run` in a comment.'),
    workflow: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'the name of a workflow')
      .optional()
      .describe('The workflow that carries it out; without it, it is chosen as for every run.'),
    cron: z
      .string()
      .trim()
      .max(200)
      .optional()
      .describe('Five fields as in a crontab, such as `0 6 * * mon`. An entry has this, `every_minutes` or `once`.'),
    timezone: z.string().max(60).default('UTC').describe('In which `cron` is read, such as `Europe/Berlin`.'),
    every_minutes: z
      .number()
      .int()
      .min(5)
      .max(527_040)
      .optional()
      .describe('Minutes between its times, counted from when the bot first saw it.'),
    once: z.iso
      .datetime({ offset: true, error: 'a moment with its offset, such as 2030-01-31T09:00:00Z' })
      .optional()
      .describe('At this moment only; one that had passed when the bot first saw it is left out.'),
  })
  .superRefine((entry, context) => {
    const timings = [entry.cron, entry.every_minutes, entry.once].filter((timing) => timing !== undefined);
    const complain = (message: string) => void context.addIssue({ code: 'custom', message });
    if (timings.length !== 1) return complain('exactly one of "cron", "every_minutes" and "once"');
    if (entry.cron !== undefined && !openCron(entry))
      complain(
        'a "cron" of five fields that comes round, such as "0 6 * * mon", and a "timezone" such as Europe/Berlin',
      );
  });
export type Schedule = z.infer<typeof Schedule>;

export const Schedules = z
  .array(Schedule)
  .max(30)
  .refine((entries) => new Set(entries.map(({ name }) => name)).size === entries.length, 'a name of its own for each');

/**
 * Names an entry together with when it is due: another timing is another schedule, which owes nothing for the time before
 * it was seen.
 */
export function toScheduleKey({ name, cron, timezone, every_minutes, once }: Schedule): string {
  return `${name}@${JSON.stringify(cron === undefined ? (every_minutes ?? once) : [cron, timezone])}`;
}

/** The same moment of the same schedule of the same repository is the same delivery, whoever finds it due and however often. */
export function toScheduleDelivery(repositoryKey: string, name: string, moment: number): string {
  return `schedule/${repositoryKey}/${name}/${moment}`;
}
