// An engine that goes away under a container has exit codes of its own, which say nothing about the command.
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engines } from '../../../src/sandbox/oci/engine.ts';
import { OciProcess } from '../../../src/sandbox/oci/oci-process.ts';
import { runProcess } from '../../../src/subprocess/run-process.ts';
import { createRunTool } from '../../../src/subprocess/run-tool.ts';
import { expectEventually, findPrograms } from '../support/host-processes.ts';
import { roomyLimits } from '../support/spec.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lost-engine-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const words = {
  /** What podman says when the program that watches over a container is killed. */
  podman: 'time="2026-11-30T22:47:03Z" level=error msg="Waiting for container ba9d: no such exit code"',
  docker: 'time="2026-11-30T22:47:03Z" level=error msg="error waiting for container: unexpected EOF"',
  dockerElse: 'docker: Error response from daemon: cannot join a container that is gone.',
  gone: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
};

/**
 * A stand-in for the program of an engine, whose daemon nobody can kill in a test. It starts the first process and lets it go as an
 * engine does, and then ends as told.
 */
async function start(
  engine: 'podman' | 'docker',
  { ending, answer = 'exit 0', mark = '1000' }: { ending: string; answer?: string; mark?: string },
): Promise<OciProcess> {
  const program = join(folder, engine);
  await writeFile(
    program,
    `#!/bin/sh
find() { for word; do case $word in *",target=/run/gatepilot/$wanted,"*) word=\${word#*source=}; echo "\${word%%,*}"; esac; done; }
case $1 in
  inspect) cat ${folder}/pid; exit ;;
  ps) ${answer} ;;
  rm) exit 1 ;;
esac
sh -c 'sleep "$1"; :' /run/gatepilot/start ${mark} >/dev/null 2>&1 &
first=$!
pid=${folder}/pid
for word; do [ "$last" = --pidfile ] && pid=$word; last=$word; done
echo "$first" > "$pid"
wanted=start; cat "$(find "$@")" >&2
wanted=leash; read -r word < "$(find "$@")"
${ending}
`,
  );
  await chmod(program, 0o755);
  return new OciProcess({
    client: { engine: engines[engine], program, options: [], env: { PATH: '/usr/bin:/bin' }, runProcess },
    plan: {
      engine: engines[engine],
      appearance: engines[engine].appear({ uid: 1, gid: 1 }, false),
      mounts: [],
      root: { kind: 'image', name: 'tools:1' },
      seccompProfile: '/state/seccomp.json',
      maxOpenFiles: 1_024,
      limits: roomyLimits,
      hasRelay: false,
    },
    group: {
      attach: async () => undefined,
      countMemoryBreaches: async () => 0,
      readProcesses: () => [],
      readProcessorSeconds: () => 0,
      close: async () => undefined,
    },
    identity: undefined,
    folders: folder,
    runTool: createRunTool(runProcess),
    folder: '/workspace',
    renderScript: (name) => `${name}\n`,
    relayInput: undefined,
  });
}

const ended = 'kill -9 "$first"; wait "$first"';
const lost = { system: 'sandbox', retry: 'soon', message: expect.stringMatching(/^a sandbox was lost: /) };

describe('an engine that goes away under a container', () => {
  it.each([
    ['podman', 125, 'Error: container is gone'],
    ['podman', 127, words.podman],
    ['docker', 125, words.docker],
    ['docker', 125, words.dockerElse],
  ] as const)('is a fault of the sandbox, and no exit code of the command: %s, %i, %s', async (engine, code, said) => {
    const child = await start(engine, { ending: `${ended}; echo '${said}' >&2; exit ${code}` });
    await expect(child.end).rejects.toMatchObject(lost);
  });

  it('takes everything of the container with it', async () => {
    const mark = `1000.${process.pid}`;
    const child = await start('docker', { ending: `echo '${words.docker}' >&2; exit 125`, mark });
    await expect(child.end).rejects.toMatchObject(lost);
    await expectEventually(() => findPrograms('sh', mark).length === 0);
  });

  it('is asked before a kill that nobody asked for is believed', async () => {
    const ending = `${ended}; exit 137`;
    const child = await start('docker', { ending, answer: `echo '${words.gone}' >&2; exit 1` });
    await expect(child.end).rejects.toMatchObject(lost);
    await expect(child.end).rejects.toThrow(/its daemon does not answer: start it/);
    const other = await start('docker', { ending });
    expect(await other.end).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
  });
});

describe('the code of a command', () => {
  it.each(['podman', 'docker'] as const)('is told as it is where %s says nothing', async (engine) => {
    for (const code of [0, 125, 126, 127]) {
      const child = await start(engine, { ending: `${ended}; exit ${code}` });
      expect(await child.end).toEqual({ kind: 'exited', code });
    }
  });

  it('is told as it is where the engine only failed to clear up', async () => {
    const child = await start('podman', { ending: `${ended}; echo '${words.podman}' >&2; exit 3` });
    expect(await child.end).toEqual({ kind: 'exited', code: 3 });
  });

  it('does not matter of one that was stopped, and the engine need not answer', async () => {
    const child = await start('docker', {
      ending: `echo up > ${folder}/up; wait "$first"; echo '${words.docker}' >&2; exit 125`,
      answer: 'exit 1',
    });
    await expectEventually(() => existsSync(join(folder, 'up')));
    await child.kill();
    expect(await child.end).toEqual({ kind: 'killed', reason: 'stopped' });
  });
});
