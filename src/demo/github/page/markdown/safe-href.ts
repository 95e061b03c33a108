export interface LinkScope {
  /** Of the repository's pages, for example `/acme/widget`. */
  readonly repositoryPath: string;
  /** Where the API of this local GitHub is; links to its web addresses are led to these pages instead. */
  readonly origin: string;
}

/** The address a link may lead to; undefined when it is none that is safe to follow. */
export function safeHref(target: string, scope: LinkScope): string | undefined {
  if (scope.origin !== '' && target.startsWith(`${scope.origin}/`)) return target.slice(scope.origin.length);
  if (target.startsWith('#')) return target;
  if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return undefined;
  return URL.canParse(target) ? target : undefined;
}
