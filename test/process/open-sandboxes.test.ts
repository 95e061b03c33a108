// What an operator offers is tried when a worker starts, and what is not there is said in one sentence.
import { generateKeyPairSync } from 'node:crypto';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SandboxRefused } from '../../src/engine/port/sandbox.ts';
import { parseEnv } from '../../src/env.ts';
import type { Foundation } from '../../src/process/open-foundation.ts';
import { listSandboxNeeds, openSandboxes } from '../../src/process/open-sandboxes.ts';
import { createOciProvider } from '../../src/sandbox/oci/create-oci-provider.ts';
import { runProcess } from '../../src/subprocess/run-process.ts';
import { readMachineTools } from '../prerequisite/machine-tools.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-sandboxes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const toEnv = (variables: Record<string, string>) => ({
  ...parseEnv({
    APP_ID: '1',
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: 'a webhook secret of some length',
    MODEL_API_KEY: 'key',
    ...variables,
  }),
  dataFolder: folder,
  surroundings: { PATH: folder },
});

it.each([
  [{ GATEPILOT_SANDBOXES: 'oci' }, /"oci": there is no podman on the PATH: install it/],
  [{ GATEPILOT_SANDBOXES: 'oci', GATEPILOT_OCI_ENGINE: 'docker' }, /"oci": there is no docker on the PATH: install it/],
  [{ GATEPILOT_SANDBOXES: 'gvisor' }, /"gvisor": there is no runsc on the PATH: install it/],
])('ends the start when what %j needs is not there, and takes nothing in its place', async (variables, sentence) => {
  const { bubblewrap } = await readMachineTools('bubblewrap');
  // Of the foundation only these are asked.
  const foundation = { env: toEnv(variables), tools: { bubblewrap }, log: undefined } as unknown as Foundation;
  const error = await openSandboxes(foundation, runProcess).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SandboxRefused);
  expect(error).toMatchObject({ message: expect.stringMatching(sentence) });
});

it('says so as well of an engine that went away', async () => {
  const program = join(folder, 'podman');
  await expect(access(program)).rejects.toThrow();
  await expect(
    createOciProvider({ engine: 'podman', program, stateFolder: join(folder, 'state'), nodePath: process.execPath }),
  ).rejects.toThrow(new SandboxRefused('oci', `there is no program ${program}: install podman`));
});

it.each([
  [{}, ['bubblewrap']],
  [{ GATEPILOT_SANDBOXES: 'gvisor' }, ['bubblewrap']],
  [{ GATEPILOT_SANDBOXES: 'oci' }, []],
  [{ GATEPILOT_SANDBOXES: 'oci', GATEPILOT_ALLOW_NO_SANDBOX: 'true' }, ['bubblewrap']],
])('%j needs %j', (variables, needs) => {
  expect(listSandboxNeeds(toEnv(variables))).toEqual(needs);
});
