// Goes through all repositories that the App covers, and starts by time what their default branches ask for. Each moment of a schedule
// is one delivery to its issue, whoever finds it due and however often: what is read, looked up and opened before that may
// happen twice.
import { type Event, toEventId } from '../core/model/event.ts';
import { type Repository, toRepositoryKey, toSubjectId } from '../core/model/subject.ts';
import { parsePolicyWithPast } from '../core/policy/parse-policy.ts';
import { findScheduleIssue, renderScheduleIssue } from '../core/reply/render-schedule-issue.ts';
import { type Schedule, toScheduleDelivery, toScheduleKey } from '../core/schedule/schedule.ts';
import { findDueMoment } from '../core/schedule/timing.ts';
import { takeTokens } from './budget-writes.ts';
import { createCovering } from './cover-repositories.ts';
import { ExternalError } from './external-error.ts';
import type { GitHubReader } from './port/github.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { InstalledRepository, OwnIssue, ScheduleLedger, SchedulePort } from './port/schedule.ts';
import type { StorePort } from './port/store.ts';
import { readPolicyTexts } from './read-policy-texts.ts';
import { toOutward } from './to-outward.ts';

export interface ScheduleSweepPorts {
  readonly schedules: SchedulePort;
  readonly ledger: ScheduleLedger;
  readonly github: Pick<GitHubReader, 'readFile' | 'listChanges'>;
  readonly store: Pick<StorePort, 'claim' | 'intake' | 'takeTokens' | 'loadChores'>;
  readonly queue: Pick<QueuePort, 'wake'>;
  readonly log: LogPort;
  readonly hash: (text: string) => string;
  readonly writesPerMinute: number;
}

/** A file that was read wrongly once, as by a replica that lags, is not believed for longer. */
const rememberedMs = 6 * 3_600_000;

/** How long one process has for a moment before another may try; longer than GitHub's lists lag behind. */
const claimMs = 120_000;
/** GitHub tells pushes to the second and by its own clock, and may be read a moment before it shows them. */
const pushSlackMs = 60_000;
/** Issues that were closed before a moment came cannot be of it. */
const clockSlackMs = 60_000;

export interface ScheduleSweep {
  /** One round. What GitHub or one repository is to blame for keeps no other from its turn. */
  run(stopped: AbortSignal): Promise<void>;
}

interface Known {
  readonly pushedAt: number;
  readonly branch: string;
  readonly readAt: number;
  readonly schedules: readonly Schedule[];
}

/** Remembers what settings say as long as nobody pushes, so that a round costs one request per hundred repositories. */
export function createScheduleSweep(ports: ScheduleSweepPorts): ScheduleSweep {
  const known = new Map<string, Known>();
  const covering = createCovering(ports);
  return {
    async run(stopped) {
      const now = await ports.ledger.readTime();
      for (const installationId of await ports.schedules.listInstallations()) {
        await attempt(ports, { installationId }, async () => {
          for (const installed of await ports.schedules.listRepositories(installationId)) {
            if (stopped.aborted) return;
            const repository = toRepositoryKey(installed.repository);
            await attempt(ports, { repository }, async () => {
              await covering.cover(installed.repository, now);
              if (!installed.isFork) await look(ports, known, installed);
            });
          }
        });
      }
    },
  };
}

async function attempt(
  { log }: ScheduleSweepPorts,
  about: Readonly<Record<string, unknown>>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    log.warn({ ...about, error: error.message }, 'schedules could not be looked at; they will be looked at again');
  }
}

async function look(
  ports: ScheduleSweepPorts,
  known: Map<string, Known>,
  installed: InstalledRepository,
): Promise<void> {
  const { repository } = installed;
  const key = toRepositoryKey(repository);
  const now = await ports.ledger.readTime();
  const before = known.get(key);
  const isCurrent = before !== undefined && isSame(before, installed) && isRecent(before, now);
  const schedules = isCurrent ? before.schedules : await readSchedules(ports, installed);
  const { pushedAt, defaultBranch: branch } = installed;
  if (!isCurrent) known.set(key, { pushedAt, branch, readAt: now, schedules });
  if (isCurrent && schedules.length === 0) return;
  const settled = await ports.ledger.keep(key, schedules.map(toScheduleKey), now);
  for (const schedule of schedules) {
    const after = settled.get(toScheduleKey(schedule));
    const moment = after === undefined ? undefined : findDueMoment(schedule, { after, now });
    if (moment !== undefined) await fire(ports, { repository, schedule, moment });
  }
}

/** Of a clock that ran ahead nothing is believed. */
function isRecent({ readAt }: Known, now: number): boolean {
  return readAt <= now && now - readAt < rememberedMs;
}

function isSame(known: Known, { pushedAt, defaultBranch }: InstalledRepository): boolean {
  return known.pushedAt === pushedAt && known.branch === defaultBranch && known.readAt > pushedAt + pushSlackMs;
}

async function readSchedules(
  { github }: ScheduleSweepPorts,
  { repository, defaultBranch }: InstalledRepository,
): Promise<readonly Schedule[]> {
  const { policyText, earlierPolicyTexts } = await readPolicyTexts(github, repository, defaultBranch);
  return parsePolicyWithPast(policyText, earlierPolicyTexts).policy.schedule;
}

interface Due {
  readonly repository: Repository;
  readonly schedule: Schedule;
  readonly moment: number;
}

async function fire(ports: ScheduleSweepPorts, due: Due): Promise<void> {
  const { store, ledger, queue, log, hash } = ports;
  const { repository, schedule, moment } = due;
  const key = toRepositoryKey(repository);
  const deliveryId = toScheduleDelivery(key, schedule.name, moment);
  if (!(await store.claim(deliveryId, claimMs))) return;
  const issue = await findOrOpen(ports, due);
  if (issue) {
    const { number, author, title } = issue;
    const event: Event = {
      kind: 'scheduled',
      deliveryId,
      schedule: schedule.name,
      at: moment,
      actor: author,
      thread: number,
      title,
    };
    const kept = await store.intake({
      deliveryId,
      hookId: 'schedule',
      bodyHash: hash(deliveryId),
      subject: toSubjectId(repository.host, repository.id, number),
      repository,
      events: [{ id: toEventId(event), event }],
      isOnlyForKnown: false,
    });
    log.info({ subject: kept.subject, schedule: schedule.name, moment, kept: kept.kind }, 'a schedule was due');
    await queue.wake(kept.subject);
  }
  await ledger.settle(key, toScheduleKey(schedule), moment);
}

/** Undefined where GitHub will never let us open one, as in a repository without issues. */
async function findOrOpen(ports: ScheduleSweepPorts, due: Due): Promise<OwnIssue | undefined> {
  const { schedules, store, log, writesPerMinute } = ports;
  const { repository, schedule, moment } = due;
  const found = findScheduleIssue(await schedules.listOwnIssues(repository, moment - clockSlackMs), schedule, moment);
  if (found) return found;
  await takeTokens({ store, perMinute: writesPerMinute }, 'answer', repository);
  const { title, body, markers } = renderScheduleIssue(schedule, moment);
  try {
    // Not the markers: a name may look like a secret, and one that is taken out is never found again.
    return await schedules.openIssue(repository, {
      title: toOutward(title, 250),
      body: `${toOutward(body)}\n\n${markers}`,
    });
  } catch (error) {
    if (!(error instanceof ExternalError && error.retry === 'never')) throw error;
    const about = { repository: toRepositoryKey(repository), schedule: schedule.name, error: error.message };
    log.error(about, 'no issue can be opened for a schedule; this time of it is left out');
    return undefined;
  }
}
