// Whether one file imports the other, read from the text as people write it in most languages. No language is parsed: a
// line that begins like an import and names the file, relative to its own place or by its module path, is one.
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export function isImportNeighbour(a: SourceFile, b: SourceFile): boolean {
  return isImporting(a, b.path) || isImporting(b, a.path);
}

function isImporting(file: SourceFile, path: string): boolean {
  const wanted = toModule(path.split('/'));
  return listSpecifiers(file.text).some((specifier) => {
    if (/^\.{1,2}\//.test(specifier)) return isSame(resolve(file.path, specifier), wanted);
    return readModulePaths(specifier).some((parts) =>
      // A module path ends with the file's own; what stands before it names a package or a source folder.
      parts.length > 1 ? endsWith(wanted, parts) : isBeside(file.path, path) && isSame(parts, wanted.slice(-1)),
    );
  });
}

/** `a/b.ts`, `a.b` and `crate::a::b` as folders and a file; a dot may also begin the ending of a file. */
function readModulePaths(specifier: string): string[][] {
  const plain = specifier.replaceAll('::', '/').replace(/^crate\//, '');
  const whole = toModule(plain.split('/').filter(Boolean));
  return plain.includes('/') ? [whole] : [whole, plain.split('.').filter(Boolean)];
}

const importLine =
  /^\s*(?:import|from|export\b.*\bfrom|use|using|mod|include|require|require_relative|#\s*include|(?:const|let|var)\b.*\brequire|source|\.)(?=[\s"'<({]|$)/;
const importCharsAtMost = 400;

function listSpecifiers(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const isImport = importLine.test(line) || /^\s*\}\s*from\b/.test(line);
    if (!isImport || line.length > importCharsAtMost) return [];
    const quoted = [...line.matchAll(/["'<]([\w@./-]+)["'>]/g)].map(([, name = '']) => name);
    if (quoted.length > 0) return quoted;
    const [, name] = /^\s*(?:import|from|use|using|mod|include|source|\.)\s+([\w.:/-]+)/.exec(line) ?? [];
    return name === undefined ? [] : [name];
  });
}

function resolve(from: string, specifier: string): string[] {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return toModule(parts);
}

/** Without its ending; the index of a folder is the folder. */
function toModule(parts: readonly string[]): string[] {
  const last = (parts.at(-1) ?? '').replace(/\.\w+$/, '');
  const isIndex = parts.length > 1 && /^(?:index|__init__|mod)$/.test(last);
  return isIndex ? parts.slice(0, -1) : [...parts.slice(0, -1), last];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.join('/') === b.join('/');
}

function endsWith(whole: readonly string[], end: readonly string[]): boolean {
  return isSame(whole.slice(-end.length), end) || isSame(end.slice(-whole.length), whole);
}

function isBeside(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf('/') + 1) === b.slice(0, b.lastIndexOf('/') + 1);
}
