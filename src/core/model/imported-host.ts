// Imported runs stand under a host that cannot be: they are read and never acted on.

/** A label of a host name never begins with an underscore. */
const prefix = '_imported-';

export function toImportedHost(name: string): string {
  return `${prefix}${name}`;
}

export function isImportedHost(host: string): boolean {
  return host.startsWith(prefix);
}
