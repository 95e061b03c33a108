// The layer port: what set-up commands of a repository's base branch left, kept on this machine. A layer is made once, is
// never written again, and belongs to one repository.
import type { NetworkReport } from '../../core/model/network-report.ts';

export interface Layer {
  /** Everything that it depends on, hashed. */
  readonly key: string;
  /** Host folder. */
  readonly folder: string;
  /** Folders at its top, such as `node_modules`. */
  readonly parts: readonly string[];
  /** Of its making, where anything was asked for. */
  readonly network?: NetworkReport;
}

export interface LayerDraft {
  /** Host folders: what is to be the layer, and one to work in that is thrown away. */
  readonly folder: string;
  readonly workspace: string;
}

export interface LayerPort {
  /** Changes with the programs of this machine, with which layers are made. */
  readMachine(): Promise<string>;
  /** Counts as a use: what was used a short while ago is not pruned. */
  find(repository: string, key: string): Promise<Layer | undefined>;
  /**
   * Made by one at a time, over all processes of the machine: whoever comes meanwhile waits and gets what was made. What `make`
   * leaves when it rejects is thrown away, and so is, after hours, what a process left that died in it. Undefined when the signal ended the
   * wait.
   */
  build(
    wanted: { readonly repository: string; readonly key: string; readonly signal: AbortSignal },
    make: (draft: LayerDraft) => Promise<Layer['network']>,
  ): Promise<Layer | undefined>;
  /** Everything of the repository. */
  removeAll(repository: string): Promise<void>;
}
