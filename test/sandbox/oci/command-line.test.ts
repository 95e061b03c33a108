// What an engine is told, and what it is not told: its command line can be read by everybody on the host.
import { describe, expect, it } from 'vitest';
import { systemCalls } from '../../../src/sandbox/bubblewrap/system-calls.ts';
import { engineNames, engines } from '../../../src/sandbox/oci/engine.ts';
import { explainEngine } from '../../../src/sandbox/oci/explain-engine.ts';
import { isAbandoned, nameOwned } from '../../../src/sandbox/oci/owner.ts';
import { type ContainerPlan, renderRun } from '../../../src/sandbox/oci/render-run.ts';
import { renderSeccompProfile } from '../../../src/sandbox/oci/seccomp-profile.ts';
import { renderStartScript } from '../../../src/sandbox/oci/start-script.ts';
import { roomyLimits } from '../support/spec.ts';

const makePlan = (name: (typeof engineNames)[number], isLeased: boolean): ContainerPlan => ({
  engine: engines[name],
  appearance: engines[name].appear({ uid: 58_001, gid: 58_002 }, isLeased),
  mounts: [{ source: '/a,b/"c"', target: '/workspace', access: 'read-write' }],
  root: name === 'podman' ? { kind: 'folder', name: '/run/root' } : { kind: 'image', name: 'tools:1' },
  seccompProfile: '/state/seccomp.json',
  maxOpenFiles: 1_024,
  limits: roomyLimits,
  hasRelay: false,
});
const run = { name: 'x', mounts: [], pidFile: '/own/pid', folder: '/workspace' };

describe.each(engineNames)('a container of %s', (name) => {
  it.each([true, false])('has no network, no right and no way to write to its root (leased user: %s)', (isLeased) => {
    const words = renderRun(makePlan(name, isLeased), run);
    for (const word of [
      '--network=none',
      '--cap-drop=ALL',
      '--read-only',
      '--ipc=none',
      '--security-opt=no-new-privileges',
      '--security-opt=seccomp=/state/seccomp.json',
      '--pull=never',
      '--rm',
    ]) {
      expect(words).toContain(word);
    }
    expect(words.join(' ')).not.toMatch(/privileged(?!$| )|--cap-add|--device|--pid=|--userns=host|docker\.sock/);
    expect(words.slice(-2)).toEqual(['sh', '/run/gatepilot/start']);
  });

  it('is mounted what was meant, whatever signs a path has', () => {
    expect(renderRun(makePlan(name, true), run)).toContain('--mount=type=bind,"source=/a,b/""c""",target=/workspace');
  });
});

it('runs as the user of its workspace, and never as root of the host', () => {
  expect(engines.podman.appear({ uid: 58_001, gid: 58_002 }, true).options).toEqual([
    '--uidmap=0:58001:1',
    '--gidmap=0:58002:1',
    '--user=0:0',
  ]);
  expect(engines.docker.appear({ uid: 58_001, gid: 58_002 }, true).options).toEqual(['--user=58001:58002']);
});

describe('the script that starts a command', () => {
  it('has words and no syntax of the command', () => {
    const command = { argv: ['echo', "it's; $(id)\n`x`"], env: { A: "'\n" }, folder: '/' };
    expect(renderStartScript('m', command, undefined)).toContain(
      "'env' '-i' 'A='\\''\n' 'echo' 'it'\\''s; $(id)\n`x`' <&4",
    );
  });

  it('takes no NUL', () => {
    expect(() => renderStartScript('m', { argv: ['a\0b'], env: {}, folder: '/' }, undefined)).toThrow(/NUL/);
  });
});

describe('the filter of system calls', () => {
  it.each(['x64', 'arm64'])('names for engines what the one of bubblewrap has as numbers: %s', (processor) => {
    const calls = systemCalls[processor];
    if (!calls) throw new Error('no system calls');
    const { defaultAction, syscalls } = JSON.parse(renderSeccompProfile(calls, processor)) as {
      defaultAction: string;
      syscalls: { names: string[]; action: string }[];
    };
    expect(defaultAction).toBe('SCMP_ACT_ALLOW');
    const denied = syscalls.filter(({ action }) => action === 'SCMP_ACT_ERRNO').flatMap(({ names }) => names);
    expect(denied).toEqual(
      expect.arrayContaining([...Object.keys(calls.denied), 'clone', 'clone3', 'ioctl', 'socket']),
    );
  });
});

describe('a name', () => {
  it('tells whose a container is', () => {
    const own = nameOwned();
    expect(isAbandoned(own)).toBe(false);
    const [, namespace = ''] = own.split('-');
    expect(isAbandoned(`gatepilot-${namespace}-4194305-77-1`)).toBe(true);
    // The number is somebody else's by now.
    expect(isAbandoned(`gatepilot-${namespace}-${process.pid}-1-1`)).toBe(true);
    // A number of another process namespace says nothing here.
    expect(isAbandoned('gatepilot-1-4194305-77-1')).toBe(false);
    expect(isAbandoned('somebody-else')).toBe(false);
  });
});

it('says what is missing and the mend', () => {
  expect(explainEngine('docker', 'Cannot connect to the Docker daemon at unix:///x. Is it running?')).toMatch(
    /daemon does not answer: start it/,
  );
  expect(explainEngine('podman', 'Error: tools:1: image not known')).toMatch(/not on this host: pull or build it/);
  expect(explainEngine('podman', '')).toContain('it said nothing');
});
