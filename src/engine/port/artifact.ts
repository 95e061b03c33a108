/**
 * Stored files of runs, named by the SHA-256 of their content. Each repository has a shelf of its own, named by its key
 * as for git, so that everything of one repository can be removed and no repository can read another's.
 */
export interface ArtifactPort {
  /** Stores bytes as they are, for machines (bundles). */
  put(repository: string, content: Uint8Array): Promise<string>;
  /** Stores text for people after it went through the redactor. */
  putText(repository: string, text: string): Promise<string>;
  /** Undefined when it is not there; throws when what is there does not match its name. */
  read(repository: string, id: string): Promise<Uint8Array | undefined>;
  /** One that is not there is removed already. */
  remove(repository: string, id: string): Promise<void>;
  /** Removes the whole shelf; one that is not there is removed already. */
  removeAll(repository: string): Promise<void>;
}
