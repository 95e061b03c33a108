// Issues and pull requests share numbers, labels, comments and events; a pull request is an issue with a `pull`.
import type { Pull } from './pull.ts';

export const reactionContents = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;
export type ReactionContent = (typeof reactionContents)[number];

export interface Reaction {
  readonly id: number;
  readonly user: string;
  readonly content: ReactionContent;
  readonly createdAt: number;
}

export interface Label {
  readonly id: number;
  name: string;
  /** Six hexadecimal digits, without `#`. */
  color: string;
  description: string | null;
  readonly isDefault: boolean;
}

export interface Comment {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  /** The App that wrote it, when it was written with an App's token. */
  readonly viaAppId?: number;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly reactions: Reaction[];
}

/** What the issue's timeline and event list show besides comments. */
export interface IssueEvent {
  readonly id: number;
  readonly kind:
    | 'labeled'
    | 'unlabeled'
    | 'closed'
    | 'reopened'
    | 'renamed'
    | 'merged'
    | 'head_ref_force_pushed'
    | 'head_ref_deleted'
    | 'convert_to_draft'
    | 'ready_for_review'
    | 'base_ref_changed';
  readonly actor: string;
  readonly viaAppId?: number;
  readonly at: number;
  /** For labeled and unlabeled: the label as it was. */
  readonly label?: { readonly name: string; readonly color: string };
  readonly rename?: { readonly from: string; readonly to: string };
  readonly commitSha?: string;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  readonly viaAppId?: number;
  title: string;
  body: string | null;
  /** When the body was edited last; a title is renamed, which is an event. */
  editedAt: number | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | null;
  /** Names of labels of the repository, in the order they were put on. */
  labels: string[];
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  closedBy: string | null;
  readonly reactions: Reaction[];
  readonly events: IssueEvent[];
  readonly pull?: Pull;
}
