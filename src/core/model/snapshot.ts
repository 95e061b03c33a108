import { z } from 'zod';
import type { NetworkPermit } from '../network/network-permit.ts';
import type { SettingsTexts } from '../policy/parse-settings.ts';
import type { ResourceFile } from '../resource/resource.ts';
import type { OutboxEntry } from './action.ts';
import type { Permission } from './actor.ts';
import type { PotState } from './decision.ts';
import { Event } from './event.ts';
import type { OfferedSandbox } from './offered-sandbox.ts';
import type { SubjectRecord } from './record.ts';
import type { PullRequest } from './run.ts';
import { Repository } from './subject.ts';
import type { StrangerText } from './vouch.ts';

/** An event as the inbox holds it: where it happened, and its place in the order that decides. */
export const InboxEntry = z.object({
  entryId: z.string(),
  eventId: z.string(),
  repository: Repository.optional(),
  event: Event,
});
export type InboxEntry = z.infer<typeof InboxEntry>;

/** What starting a run needs to know about the repository at this moment. */
export interface RepositoryFacts extends SettingsTexts {
  readonly defaultBranch: string;
  /** Head of the default branch; absent when the repository has no commit. */
  readonly baseSha?: string;
  /** `package.json` on the default branch, for detecting the verify command. */
  readonly packageText?: string;
  /** Agents, workflows and skills of everybody, the repository's from the default branch; read where somebody asks. */
  readonly resources?: readonly ResourceFile[];
}

/** How many runs may be at work at a time, and what those of an installation may cost in a day; undefined means any number. */
export interface RunLimits {
  readonly perRepository: number | undefined;
  readonly perInstallation: number | undefined;
  readonly dayMicroUsd?: number | undefined;
}

/** The pull request that a subject is, as it is on GitHub now. */
export interface ThreadPull {
  readonly number: number;
  readonly head: string;
  readonly headBranch: string;
  readonly isSameRepository: boolean;
  /** We opened it. */
  readonly isOurs: boolean;
  /** Whoever opened it, by GitHub's number. */
  readonly authorId?: number;
  readonly isDraft: boolean;
  readonly state: PullRequest['state'];
  /** What it would be merged into. */
  readonly branch: string;
  /** Where that branch is; absent when it is gone. */
  readonly base?: string;
}

/** The immutable picture that a decision reads. The clock is a field of it. */
export interface Snapshot {
  readonly subject: string;
  readonly now: number;
  readonly record: SubjectRecord;
  readonly inbox: readonly InboxEntry[];
  readonly outbox: readonly OutboxEntry[];
  readonly facts: {
    readonly permissions: Readonly<Record<string, Permission>>;
    readonly repository?: RepositoryFacts;
    /** Pull requests that the inbox speaks of, or that nobody has spoken of for long, as GitHub has them now. */
    readonly pulls: Readonly<
      Record<
        number,
        {
          readonly headSha: string;
          readonly baseBranch: string;
          readonly state: PullRequest['state'];
          readonly isDraft?: boolean;
          /** We opened it, from a branch of this repository. */
          readonly isOurs: boolean;
        }
      >
    >;
    /** The base branch of the run, read where it is told to have moved, or where nobody has spoken of it for long. */
    readonly base?: {
      readonly branch: string;
      readonly head: string;
      /** What the settings say there, where nobody else finds that they are others. */
      readonly settings?: SettingsTexts & Pick<RepositoryFacts, 'packageText'>;
    };
    /** Labels of threads, by their number; read where one is told that says something for as long as it is on. */
    readonly labels?: Readonly<Record<number, readonly string[]>>;
    /** Read where somebody may ask for a look at it, and where somebody asks for anything and it is not known. */
    readonly pull?: ThreadPull;
    /**
     * What people without write permission wrote here, and when a label was last put on, by its name in lower case; read
     * where somebody vouches or asks, and where what was vouched for may have been edited.
     */
    readonly strangers?: {
      readonly texts: readonly StrangerText[];
      readonly labelled: readonly { readonly label: string; readonly by: string; readonly at: number }[];
    };
    /** How our App is called, read where somebody asks for something; absent while GitHub does not say it. */
    readonly slug?: string;
    /** What the operator allows. */
    readonly runLimits?: RunLimits;
    /** Coding agents that the operator offers, the usual one first. */
    readonly agents: readonly string[];
    /** Models that the operator offers, the usual one first. */
    readonly models: readonly string[];
    /** Sandboxes that the operator offers, the usual one first; "none" is among them only where the operator allows it. */
    readonly sandboxes: readonly OfferedSandbox[];
    /** Hosts that the operator lets repositories ask for. */
    readonly network: NetworkPermit;
    /** False where the operator has not said what models cost: no money is counted then, and no limit of it holds. */
    readonly knowsPrices?: boolean;
    /** Whether a repository that has no settings may be offered some. */
    readonly proposesSettings?: boolean;
    /** Names of seats that a decision of this look asked for and that were all taken. */
    readonly taken?: readonly string[];
    /** What is in pots that this look knows, because it asked or because a decision of it was refused. */
    readonly pots?: Readonly<Record<string, PotState>>;
    /** What the issue itself says now, as a hash; read only where an approval hangs on it. */
    readonly fingerprint?: string;
    /** Hash of the canonical policy, made outside because hashing needs a library. */
    readonly hash: (text: string) => string;
  };
}
