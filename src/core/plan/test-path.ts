// Which tests belong to which files, by the names that people give them.
const testFolder = /^(?:tests?|__tests__|specs?)$/i;
const testName = /[._-](?:test|tests|spec)(?=\.)|^test_|_test(?=\.)/i;

export function isTestPath(path: string): boolean {
  const parts = path.split('/');
  return parts.slice(0, -1).some((part) => testFolder.test(part)) || testName.test(parts.at(-1) ?? '');
}

/** A test with the name of the file, or one in the folder that mirrors the file's. */
export function isTestOf(test: string, path: string): boolean {
  if (!isTestPath(test)) return false;
  return toStem(test) === toStem(path) || (toPlace(test) !== '' && toPlace(test) === toPlace(path));
}

function toStem(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(testName, '').replace(/^test_/i, '');
  const dot = stem.indexOf('.', 1);
  return dot < 0 ? stem : stem.slice(0, dot);
}

/** The folder below the one that holds all sources, or all tests. */
function toPlace(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.filter((part) => !testFolder.test(part) && !/^(?:src|lib|source)$/i.test(part)).join('/');
}
