// What was prepared for a sandbox: that its maker can write it, where it is seen, that nobody else changes it, and that its maker
// cannot have anything else of the host mounted in its place.
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSpec, mebibyte } from './spec.ts';
import { openStarter, type Starter } from './starter.ts';
import { giveTo, type Subject } from './subject.ts';

export function describeDependencies(subjects: readonly Subject[]): void {
  describe.each(subjects)('dependencies, in a sandbox of $title', (subject) => {
    let starter: Starter;
    beforeAll(async () => {
      starter = await openStarter(subject);
    });
    afterAll(() => starter.close());

    /** As a layer is before its set-up. */
    const makeEmpty = async (name: string): Promise<string> => {
      const path = await starter.makeFolder(name);
      await mkdir(join(path, 'node_modules'));
      await giveTo(subject.user, path);
      return path;
    };

    /** One process after the other in one sandbox; what each of them said. */
    const run = async (
      dependencies: { readonly path: string; readonly access: 'read-write' | 'read-only' },
      scripts: readonly string[],
    ): Promise<readonly string[]> => {
      const { answers, error } = await starter.order({
        kind: 'inside one',
        spec: makeSpec(starter.workspace, { dependencies }),
        commands: scripts.map((script) => ['sh', '-c', `exec 2>&1; ${script}`]),
      });
      if (error !== undefined) throw new Error(error);
      return answers?.map(({ stdout }) => stdout.trim()) ?? [];
    };

    it('are written by a set-up, found by Node and by the shell afterwards, and changed by nobody', async () => {
      const path = await makeEmpty('layer');
      const module = join(path, 'node_modules', 'one.js');
      const made = await run({ path, access: 'read-write' }, [
        'echo \'module.exports = "from the layer"\' > /deps/node_modules/one.js && echo made',
        // A command of a set-up goes on with what the one before it left.
        'mkdir /deps/bin && echo "echo hello" > /deps/bin/greet && ls /deps/node_modules',
        // Nothing but how it is mounted keeps others from it.
        'chmod -R a+rwx /deps/bin /deps/node_modules',
      ]);
      await chmod(path, 0o777);
      expect(made).toEqual(['made', 'one.js', '']);
      expect((await stat(module)).uid).toBe((await stat(starter.folder)).uid);

      const targets = ['/deps/node_modules/one.js', '/node_modules/one.js', '/deps/new', '/node_modules/new'];
      const [found, removed, ...written] = await run({ path, access: 'read-only' }, [
        'node -p "require(\'one.js\')"; greet',
        'rm -f /deps/bin/greet; mv /deps/bin /deps/moved',
        ...targets.map((target) => `(echo x > ${target})`),
      ]);
      expect(found).toBe('from the layer\nhello');
      for (const said of [removed, ...written]) expect(said).toContain('Read-only file system');
      expect(written).toHaveLength(targets.length);
      expect(await readFile(module, 'utf8')).toContain('from the layer');
    });

    it('cannot be led astray by a link that their maker leaves for the next process', async () => {
      const path = await makeEmpty('astray');
      const ofTheHost = await starter.makeFolder('of-the-host');
      await chmod(ofTheHost, 0o777);
      await writeFile(join(ofTheHost, 'secret'), 'of the worker');
      const [left, read] = await run({ path, access: 'read-write' }, [
        `rm -r /deps/node_modules && ln -s ${ofTheHost} /deps/node_modules && echo left`,
        'cat /node_modules/secret; echo x > /node_modules/planted',
      ]);
      expect(left).toBe('left');
      expect(read).not.toContain('of the worker');
      await expect(stat(join(ofTheHost, 'planted'))).rejects.toThrow('ENOENT');
      // Nor for whoever uses them later.
      const [later] = await run({ path, access: 'read-only' }, ['cat /node_modules/secret']);
      expect(later).not.toContain('of the worker');
    });

    it('count as workspace where they are written', async () => {
      const path = await makeEmpty('large');
      const fill = 'for n in 1 2 3 4; do head -c 15000000 /dev/zero > /deps/$n; done; sleep 60';
      const { end } = await starter.inside(['sh', '-c', fill], {
        dependencies: { path, access: 'read-write' },
        limits: { diskBytes: 20 * mebibyte },
      });
      expect(end).toEqual({ kind: 'killed', reason: 'disk' });
    });
  });
}
