// Places that no task may change, whatever it owns. What starts the repository's own automation is here, because it
// would run with the repository's secrets; files that merely need a person's approval are the gate's business.

/** Names of the folders and files on the way, without empty and `.` steps. */
export function splitPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

export function isProtectedPath(path: string): boolean {
  const names = splitPath(path.toLowerCase());
  return names.includes('.git') || (names[0] === '.github' && names[1] === 'workflows');
}

/** A path as git lists it: relative, with "/" between plain names. Anything else in a result is treated as foreign. */
export function isPlainPath(path: string): boolean {
  if (path === '' || path.includes('\\') || /\p{Cc}/u.test(path)) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}
