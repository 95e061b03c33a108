import type { Repository } from '../../core/model/subject.ts';

/** What GitHub says of an installation when the App itself asks. May throw ExternalError{system:'github'}. */
export interface InstallationPort {
  /** Whether the installation is there and the repository is one of its own. A suspended installation still is there. */
  covers(installationId: number, repositoryId: number): Promise<boolean>;
  /** The installation of the App that has the repository now, and what the repository is called; undefined when none has. */
  findHome(repositoryId: number): Promise<Pick<Repository, 'installationId' | 'owner' | 'name'> | undefined>;
}
