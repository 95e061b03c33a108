/** Who does something: a person, or an App's bot user acting with an installation token. */
export interface Actor {
  readonly login: string;
  /** Set when it was done with an App's token. */
  readonly viaAppId?: number;
}
