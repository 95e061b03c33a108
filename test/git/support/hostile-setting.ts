// Ways in which the owner of a `.git` folder gets a command run by whoever uses git there next. Each comes with the
// ordinary command that springs it.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plainGit } from './plain-git.ts';

export interface HostileSetting {
  readonly name: string;
  /** Prepares the workspace so that `command` runs when git is used there. */
  plant(workspace: string, command: string): Promise<void>;
  /** What an unsuspecting user of plain git would do; `url` asks for a password. */
  spring(url: string): readonly string[];
}

const configure = (workspace: string, entries: Readonly<Record<string, string>>) => {
  for (const [key, value] of Object.entries(entries)) plainGit(workspace, ['config', key, value]);
};

const writeScript = (path: string, command: string) => writeFile(path, `#!/bin/sh\n${command}\n`, { mode: 0o755 });

const writeAttributes = (workspace: string, text: string) => writeFile(join(workspace, '.gitattributes'), text);

const setting = (
  name: string,
  spring: readonly string[] | ((url: string) => readonly string[]),
  plant: (workspace: string, command: string) => Promise<void> | void,
): HostileSetting => ({
  name,
  spring: (url) => (typeof spring === 'function' ? spring(url) : spring),
  plant: async (workspace, command) => plant(workspace, command),
});

export const hostileSettings: readonly HostileSetting[] = [
  setting('a hook', ['commit', '--allow-empty', '-m', 'x'], async (workspace, command) => {
    await mkdir(join(workspace, '.git/hooks'), { recursive: true });
    await writeScript(join(workspace, '.git/hooks/pre-commit'), command);
  }),
  setting('a hook that any look at the index runs', ['status'], async (workspace, command) => {
    await mkdir(join(workspace, 'tools'));
    await writeScript(join(workspace, 'tools/post-index-change'), command);
    configure(workspace, { 'core.hooksPath': 'tools' });
  }),
  setting('core.fsmonitor', ['status'], (workspace, command) => configure(workspace, { 'core.fsmonitor': command })),
  setting('a clean filter', ['add', '--all'], async (workspace, command) => {
    await writeAttributes(workspace, '* filter=evil\n');
    configure(workspace, { 'filter.evil.clean': `${command}; cat` });
  }),
  setting('a smudge filter', ['checkout', '--force', 'HEAD', '--', 'a.txt'], async (workspace, command) => {
    await mkdir(join(workspace, '.git/info'), { recursive: true });
    await writeFile(join(workspace, '.git/info/attributes'), '* filter=evil\n');
    configure(workspace, { 'filter.evil.smudge': `${command}; cat` });
  }),
  setting('a filter process', ['add', '--all'], async (workspace, command) => {
    await writeAttributes(workspace, '* filter=evil\n');
    configure(workspace, { 'filter.evil.process': command });
  }),
  setting('core.sshCommand', ['ls-remote', 'ssh://127.0.0.1/x'], (workspace, command) =>
    configure(workspace, { 'core.sshCommand': `${command}; false` }),
  ),
  setting('a text conversion', ['diff'], async (workspace, command) => {
    await writeAttributes(workspace, '* diff=evil\n');
    configure(workspace, { 'diff.evil.textconv': `${command}; cat` });
  }),
  setting('an external diff', ['diff'], (workspace, command) => configure(workspace, { 'diff.external': command })),
  setting('a diff driver', ['diff'], async (workspace, command) => {
    await writeAttributes(workspace, '* diff=evil\n');
    configure(workspace, { 'diff.evil.command': command });
  }),
  setting('a merge driver', ['merge', 'other'], async (workspace, command) => {
    await writeAttributes(workspace, '* merge=evil\n');
    configure(workspace, { 'merge.evil.driver': `${command}; false` });
    plainGit(workspace, ['commit', '--quiet', '--all', '-m', 'mine']);
    plainGit(workspace, ['checkout', '--quiet', '-b', 'other', 'HEAD~1']);
    await writeFile(join(workspace, 'a.txt'), 'theirs\n');
    plainGit(workspace, ['commit', '--quiet', '--all', '-m', 'theirs']);
    plainGit(workspace, ['checkout', '--quiet', 'work']);
  }),
  setting(
    'a credential helper',
    (url) => ['ls-remote', url],
    (workspace, command) => configure(workspace, { 'credential.helper': `!${command};` }),
  ),
  setting('a rewritten address', ['ls-remote', 'https://example.com/x'], async (workspace, command) => {
    const script = join(workspace, 'transport.sh');
    await writeScript(script, command);
    configure(workspace, { 'protocol.ext.allow': 'always', [`url.ext::${script} .insteadOf`]: 'https://example.com/' });
  }),
  setting('an included file', ['status'], async (workspace, command) => {
    await writeFile(join(workspace, 'settings'), `[core]\n\tfsmonitor = ${command}\n`);
    configure(workspace, { 'include.path': '../settings' });
  }),
  setting('a signing program', ['commit', '--allow-empty', '-m', 'x'], async (workspace, command) => {
    const script = join(workspace, 'sign.sh');
    await writeScript(script, command);
    configure(workspace, { 'commit.gpgSign': 'true', 'gpg.program': script });
  }),
  setting('an editor', ['commit', '--allow-empty'], (workspace, command) =>
    configure(workspace, { 'core.editor': `${command};` }),
  ),
  setting('a repository within', ['status'], async (workspace, command) => {
    const inner = join(workspace, 'inner');
    plainGit(workspace, ['init', '--quiet', inner]);
    await writeFile(join(inner, 'file'), 'x\n');
    plainGit(inner, ['add', 'file']);
    plainGit(inner, ['commit', '--quiet', '-m', 'inner']);
    plainGit(workspace, ['-c', 'advice.addEmbeddedRepo=false', 'add', 'inner']);
    configure(inner, { 'core.fsmonitor': command });
  }),
  setting('a .git file that points elsewhere', ['status'], async (workspace, command) => {
    await rename(join(workspace, '.git'), `${workspace}-elsewhere`);
    await writeFile(join(workspace, '.git'), `gitdir: ${workspace}-elsewhere\n`);
    configure(workspace, { 'core.fsmonitor': command });
  }),
];
