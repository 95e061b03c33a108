// What a look at the installation asks GitHub. Every method may throw ExternalError{system:'github'}.
import type { Repository } from '../../core/model/subject.ts';
import type { DeliveryPage } from './delivery-log.ts';

/** Of permissions how far they go. */
export interface Rights {
  readonly permissions: Readonly<Record<string, string | undefined>>;
  readonly events: readonly string[];
}

export interface InspectedInstallation extends Rights {
  readonly id: number;
  /** Login of whoever installed the App. */
  readonly account: string;
  readonly isSuspended: boolean;
}

/** A check that has to be green before anything is merged; without an App, whoever may write checks can make it green. */
export interface RequiredCheck {
  readonly name: string;
  readonly appId: number | undefined;
}

export interface InspectedRepository {
  readonly repository: Repository;
  readonly defaultBranch: string;
}

export interface InspectionPort {
  readApp(): Promise<Rights & { readonly slug: string }>;
  /** Empty where the App has none. */
  readWebhookUrl(): Promise<string>;
  /** The newest attempts. */
  readDeliveries(): Promise<DeliveryPage>;
  listInstallations(): Promise<readonly InspectedInstallation[]>;
  /** Without archived ones. */
  listRepositories(installationId: number): Promise<readonly InspectedRepository[]>;
  /** By rulesets, and by the part of classic protection that everybody may see who may read the branch. */
  listRequiredChecks(repository: Repository, branch: string): Promise<readonly RequiredCheck[]>;
}
