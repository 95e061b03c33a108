export interface LinkScope {
  /** Of the repository's pages, for example `/acme/widget`. */
  readonly repositoryPath: string;
  /** Where the API of this local GitHub is; links to its web addresses are led to these pages instead. */
  readonly origin: string;
}

/** The address a link may lead to; undefined when it is none that is safe to follow. */
export function safeHref(target: string, scope: LinkScope): string | undefined {
  const ownPath = target.startsWith(`${scope.origin}/`) ? target.slice(scope.origin.length) : undefined;
  if (scope.origin !== '' && ownPath !== undefined && /^\/(?![/\\])/.test(ownPath)) return ownPath;
  if (target.startsWith('#')) return target;
  if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return undefined;
  return URL.canParse(target) ? target : undefined;
}
