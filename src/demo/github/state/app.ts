/** The permissions of Apps, installations and tokens, by GitHub's names: `contents`, `issues`, `pull_requests`, … */
export type AppPermissions = Readonly<Record<string, 'read' | 'write'>>;

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM, PKCS#1, as GitHub hands it out. */
  readonly privateKey: string;
  /** PEM, SPKI: what an App's JWT is verified with. */
  readonly publicKey: string;
  webhookSecret: string | null;
  /** Null: webhooks are not active and nothing is sent. */
  webhookUrl: string | null;
  readonly hookId: number;
  permissions: AppPermissions;
  events: readonly string[];
  readonly createdAt: number;
}

export interface Installation {
  readonly id: number;
  readonly appId: number;
  /** The login of the account it is installed on. */
  readonly account: string;
  /** Repository ids, or every repository of the account, later ones included. */
  repositories: 'all' | Set<number>;
  permissions: AppPermissions;
  events: readonly string[];
  readonly createdAt: number;
}

export type Token =
  | {
      readonly kind: 'installation';
      readonly value: string;
      readonly installationId: number;
      /** Present when the token was narrowed to some of the installation's repositories. */
      readonly repositories?: ReadonlySet<number>;
      readonly permissions: AppPermissions;
      expiresAt: number;
    }
  | { readonly kind: 'person'; readonly value: string; readonly login: string };
