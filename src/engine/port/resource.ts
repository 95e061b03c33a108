import type { ResourceFile } from '../../core/resource/resource.ts';

/** What the product ships and what the operator adds, as files. */
export interface ResourcePort {
  /** Throws ExternalError{system:'disk'} when the operator's folder cannot be read. */
  read(): Promise<readonly ResourceFile[]>;
}
