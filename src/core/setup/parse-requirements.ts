// What pip reads besides a file of requirements: files that it names, and packages of the repository that it links.
import { joinPath } from './join-path.ts';

export interface Requirements {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** `untold`: the first line of which the repository does not tell, or not for good, what it leads to. */
export function parseRequirements(text: string, path: string): Requirements | { readonly untold: string } {
  const files: string[] = [];
  const folders: string[] = [];
  const beside = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const said = line.replace(/(?:^|\s)#.*/, '').trim();
    const words = said.split(/\s+/);
    if (isCopy(words)) return { untold: said };
    for (const { option, value } of listOptions(words)) {
      const isRemote = value.includes('://');
      // Files are looked for beside the file that names them, packages from the top.
      const found = isRemote || value === '' ? undefined : joinPath(option === 'file' ? beside : '', value);
      const isTold = isRemote ? option !== 'file' : found !== undefined && option !== 'links';
      if (!isTold) return { untold: said };
      if (found) (option === 'file' ? files : folders).push(found);
    }
  }
  return { files, folders };
}

interface Option {
  readonly option: 'file' | 'package' | 'links';
  readonly value: string;
}

const options: Readonly<Record<string, Option['option']>> = {
  ...{ '-r': 'file', '--requirement': 'file', '-c': 'file', '--constraint': 'file' },
  ...{ '-e': 'package', '--editable': 'package', '-f': 'links', '--find-links': 'links' },
};

function listOptions(words: readonly string[]): Option[] {
  return words.flatMap((word, at) => {
    const [, name = '', rest = ''] = /^(-[a-z]|--[a-z-]{1,40}(?==|$))=?(.*)$/.exec(word) ?? [];
    const option = options[name];
    if (option === undefined) return [];
    const value = (rest === '' ? (words[at + 1] ?? '') : rest).replace(/^(["'])(.*)\1$/, '$2');
    return [{ option, value: option === 'package' ? value.replace(/\[.*/, '') : value }];
  });
}

/** A package of the repository that is not linked stays as it was when it was installed, whatever is changed in it. */
function isCopy(words: readonly string[]): boolean {
  if (words.some((word) => /(?:^|[@+"'=])file:/.test(word))) return true;
  const [first = ''] = words;
  if (first.startsWith('-') || first.includes('://')) return false;
  return /^\.|[\\/]|\.(?:whl|zip|tgz|tar\.\w+)$/i.test(first.replace(/[;[].*/, ''));
}
