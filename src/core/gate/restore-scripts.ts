// What decides in a package.json which tests are run, and how, as another version of it has that.

/** Scripts, since verify commands name them, and settings of test runners that may lie here. */
const keys = ['scripts', 'jest', 'vitest', 'mocha', 'ava', 'nyc', 'c8', 'tap', 'config'] as const;

export function isPackageFile(path: string): boolean {
  return /(?:^|\/)package\.json$/.test(path);
}

/** Undefined where one of them cannot be read, `now` itself where nothing has to be restored. */
export function restoreScripts(now: string, before: string): string | undefined {
  const [changed, old] = [parsePackage(now), parsePackage(before)];
  if (!changed || !old) return undefined;
  if (keys.every((key) => JSON.stringify(changed[key]) === JSON.stringify(old[key]))) return now;
  const others = Object.entries(changed).filter(([key]) => !keys.some((one) => one === key));
  const kept = keys.flatMap((key) => (Object.hasOwn(old, key) ? [[key, old[key]] as const] : []));
  return `${JSON.stringify(Object.fromEntries([...others, ...kept]), undefined, 2)}\n`;
}

/** Undefined of what is no package file. */
export function parsePackage(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
