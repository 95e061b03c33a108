import type { Actor } from '../../core/model/actor.ts';
import type { Repository } from '../../core/model/subject.ts';

export interface InstalledRepository {
  readonly repository: Repository;
  readonly defaultBranch: string;
  /** When any of its branches was pushed to last (epoch ms, by GitHub's clock, to the second). */
  readonly pushedAt: number;
  /** Its settings are whoever's it was forked from: nobody here asked for what they start by time. */
  readonly isFork: boolean;
}

export interface OwnIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  /** Ourselves, as GitHub names us. */
  readonly author: Actor;
}

/** What schedules need of GitHub. Every method may throw ExternalError{system:'github'}. */
export interface SchedulePort {
  /** Those that are not suspended. */
  listInstallations(): Promise<readonly number[]>;
  /** Without archived ones, where nothing can be done. */
  listRepositories(installationId: number): Promise<readonly InstalledRepository[]>;
  /** Issues that this App opened and that are open, or changed after `since` (epoch ms). */
  listOwnIssues(repository: Repository, since: number): Promise<readonly OwnIssue[]>;
  /** Not repeated by the adapter: whoever opens an issue looks first. */
  openIssue(repository: Repository, issue: { readonly title: string; readonly body: string }): Promise<OwnIssue>;
}

/** Up to which moment each schedule of a repository owes nothing: from when it was first seen, or fired last. */
export interface ScheduleLedger {
  /** Epoch ms by the one clock that all processes share: whoever looks, the same is due. */
  readTime(): Promise<number>;
  /**
   * Takes in the schedules that are new as of `now`, forgets those not named, and gives all that are named. What is
   * settled for more than a day after `now` was settled by a clock that was wrong, and is new.
   */
  keep(repositoryKey: string, schedules: readonly string[], now: number): Promise<ReadonlyMap<string, number>>;
  /** Never goes back, whoever comes late. */
  settle(repositoryKey: string, schedule: string, moment: number): Promise<void>;
  forget(repositoryKey: string): Promise<void>;
}
