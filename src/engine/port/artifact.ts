/** Stored files of runs, named by the SHA-256 of their content. */
export interface ArtifactPort {
  /** Stores bytes as they are, for machines (bundles). */
  put(content: Uint8Array): Promise<string>;
  /** Stores text for people after it went through the redactor. */
  putText(text: string): Promise<string>;
  /** Undefined when it is not there; throws when what is there does not match its name. */
  read(id: string): Promise<Uint8Array | undefined>;
}
