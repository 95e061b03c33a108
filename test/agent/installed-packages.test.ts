// What is done with packages of agents, with an npm that installs what it is told to.
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AcpProfile } from '../../src/agent/acp/acp-profile.ts';
import { findPackages, installPackages } from '../../src/agent/acp/installed-packages.ts';

const profile: AcpProfile = {
  name: 'ours',
  packages: { 'our-agent': '1.0.0' },
  program: '{modules}/our-agent-{arch}/agent',
  args: [],
  env: {},
  files: {},
  models: {},
  resumes: true,
  steer: 'joins',
};
let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'gatepilot-packages-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

/** What npm needs to run, when npm is a program that installs the one package and what `more` says. */
async function setNpm(more: string): Promise<Record<string, string>> {
  const bin = join(place, 'bin');
  await mkdir(bin, { recursive: true });
  const lines = [
    '#!/bin/sh',
    'mkdir -p node_modules/our-agent',
    `echo '{"version":"1.0.0"}' > node_modules/our-agent/package.json`,
    more,
  ];
  await writeFile(join(bin, 'npm'), `${lines.join('\n')}\n`);
  await chmod(join(bin, 'npm'), 0o755);
  return { PATH: `${bin}:/usr/bin:/bin` };
}

const program = `mkdir -p node_modules/our-agent-${process.arch} && : > node_modules/our-agent-${process.arch}/agent`;
const ifAsked = `case " $* " in *" --include=optional "*) ${program};; esac`;

it('takes an agent for installed only with its program, and installs it again otherwise', async () => {
  const folder = join(place, 'agents');
  await expect(installPackages(folder, profile, await setNpm(''))).rejects.toThrow(
    'npm did not install what ours needs on this machine',
  );
  expect(await findPackages(folder, profile)).toBeUndefined();
  const modules = await installPackages(folder, profile, await setNpm(ifAsked));
  expect(modules).toBe(join(folder, 'ours/node_modules'));
  expect(await findPackages(folder, profile)).toBe(modules);
  expect(await findPackages(folder, { ...profile, program: 'node', args: ['{modules}/none.js'] })).toBeUndefined();
  await writeFile(join(modules, 'our-agent/package.json'), '');
  expect(await findPackages(folder, profile)).toBeUndefined();
});

it('is installed by several at once, and leaves nothing half-made', async () => {
  const folder = join(place, 'agents');
  const environment = await setNpm(`${program}; sleep 0.2`);
  const modules = join(folder, 'ours/node_modules');
  const all = await Promise.all([1, 2, 3, 4].map(() => installPackages(folder, profile, environment)));
  expect(new Set(all)).toEqual(new Set([modules]));
  expect((await readdir(folder)).filter((name) => name !== 'ours')).toEqual([]);
});
