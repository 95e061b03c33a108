// Which names may enter the mirror. Stricter than git's own check on purpose: a result is also checked out on other
// people's systems, and is read by people who must see what is there. Pure.
import type { CaptureRefusal } from '../../engine/port/git.ts';
import { renderByteName } from '../record.ts';

const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Shown as nothing, or as a part of what stands before it: file systems of a Mac do not count some of them. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
/** Chooses how the sign before it looks, as names with emoji have it. */
const presentation = /[\ufe0e\ufe0f]/gu;

const forbiddenOnWindows = /[<>:"|?*\\]/;
/** With whatever follows a dot, a device and no file on Windows. */
const deviceOfWindows = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9\u00b9\u00b2\u00b3])(?: *(?:\..*)?)$/i;

/**
 * Why a path that is new cannot be taken. One that was there before may be as it is: who has it has systems that do not mind.
 */
export function findUnsafeNewPath(name: string): CaptureRefusal | undefined {
  const why = judge(name) ?? judgePortability(renderByteName(name));
  return why === undefined ? undefined : refusePath(name, why);
}

/** Why a path (byte for byte) cannot be taken; undefined when it can. */
export function findUnsafePath(name: string): CaptureRefusal | undefined {
  const why = judge(name);
  return why === undefined ? undefined : refusePath(name, why);
}

export function refusePath(name: string, why: string): CaptureRefusal {
  return { kind: 'unsafe_path', path: renderVisibly(renderByteName(name)), why };
}

/** The form in which file systems that ignore case or normalise Unicode would take two names for one. */
export function foldName(text: string): string {
  return text.replace(ignorable, '').normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

function judge(name: string): string | undefined {
  const path = decode(name);
  if (path === undefined) return 'its name is not valid UTF-8';
  if (invisible.test(path) || path.replace(presentation, '').search(ignorable) >= 0) {
    return 'its name has control or invisible characters';
  }
  const parts = path.split(/[/\\]/).map(foldForWindows);
  if (parts.some(isGitFolder)) return 'it would be read as a .git folder';
  const isModules = /^(?:\.gitmodules|gitmod~\d+|gi7eba~\d+)$/.test(parts[0] ?? '');
  return parts.length === 1 && isModules ? 'submodules cannot be changed' : undefined;
}

function judgePortability(path: string): string | undefined {
  if (forbiddenOnWindows.test(path)) return 'its name has a character that no file has on Windows';
  for (const part of path.split('/')) {
    if (/[. ]$/.test(part)) return 'its name ends with a dot or a space, which Windows leaves out';
    if (deviceOfWindows.test(part)) return 'its name is that of a device on Windows';
  }
  return undefined;
}

function decode(name: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(name, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Windows also drops what follows a colon, and dots and spaces at the end. */
function foldForWindows(part: string): string {
  return foldName(part)
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '');
}

function isGitFolder(part: string): boolean {
  return part === '.git' || /^git~\d+$/.test(part);
}

function renderVisibly(text: string): string {
  const everyInvisible = new RegExp(`${invisible.source}|${ignorable.source}`, 'gu');
  return text.replace(everyInvisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
