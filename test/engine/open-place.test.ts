// Which layer a run gets: another one for everything that decides what it holds, and none in place of a failure where nobody
// asked for one.
import { describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import { openPlace, type PlaceRequest } from '../../src/engine/open-place.ts';
import { SandboxRefused } from '../../src/engine/port/sandbox.ts';
import type { SandboxPlace, WorkPorts } from '../../src/engine/work-ports.ts';

interface World {
  readonly files?: Readonly<Record<string, string>>;
  /** What stands in them, where that matters. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly machine?: string;
  readonly refuses?: string;
  readonly allow?: readonly string[];
  /** Aborted while the layer is made. */
  readonly stopping?: AbortController;
}

function toPorts({ files = {}, texts = {}, machine = 'this one', refuses, allow = ['*'], stopping }: World): WorkPorts {
  return {
    git: {
      treeOf: async () => 'tree',
      identifyFiles: async (_: object, __: string, paths: readonly string[]) =>
        paths.flatMap((path) => (files[path] === undefined ? [] : [{ path, id: files[path] }])),
      readFile: async (_: object, __: string, path: string, maxBytes: number) => {
        const text = texts[path];
        if (text === undefined || text.length <= maxBytes) return text;
        throw new ExternalError({ system: 'git', retry: 'never', message: `${path} is too large` });
      },
    },
    github: { toGitUrl: () => 'url' },
    hash: (text: string) => text,
    sandboxes: { capabilities: { provider: 'bubblewrap' } },
    layers: {
      readMachine: async () => machine,
      find: async () => undefined,
      build: async ({ key, signal }: { key: string; signal: AbortSignal }) => {
        if (refuses !== undefined) throw new SandboxRefused(refuses, 'it is not proved');
        stopping?.abort('cancelled');
        if (signal.aborted) throw signal.reason;
        return { key, folder: '/layer', parts: ['node_modules'] };
      },
    },
    options: { network: { allow, deny: [] } },
  } as unknown as WorkPorts;
}

const sandbox = { memoryMb: 1, diskMb: 1, processes: 1, cpuMinutes: 1 };
const none = { commands: [], timeoutMs: 1_000, network: [] };

async function open(
  world: World,
  changes: { setup?: object; branch?: string; signal?: AbortSignal; id?: number } = {},
) {
  const request = {
    policy: { sandbox, setup: { ...none, ...changes.setup } },
    repository: { host: 'github.com', id: changes.id ?? 1 },
    base: { branch: changes.branch ?? 'main', sha: 'b'.repeat(40) },
    signal: changes.signal ?? new AbortController().signal,
  } as unknown as PlaceRequest;
  return await openPlace(toPorts(world), request);
}

const keyOf = async (...given: Parameters<typeof open>) => (await open(...given))?.layer?.key;
const npm = { 'package-lock.json': '1', 'package.json': '1' };

it('is the same for the same, whichever commit it is', async () => {
  expect(await keyOf({ files: { ...npm, 'src/main.ts': '1' } })).toBe(
    await keyOf({ files: { ...npm, 'src/main.ts': '2' } }),
  );
});

it.each<[string, Parameters<typeof open>]>([
  ['a lock file', [{ files: { ...npm, 'package-lock.json': '2' } }]],
  ['a manifest, whose scripts are run', [{ files: { ...npm, 'package.json': '2' } }]],
  ['where packages come from', [{ files: { ...npm, '.npmrc': '1' } }]],
  ['the programs of the machine', [{ files: npm, machine: 'that one' }]],
  ['the branch: who may push there could make what another one runs', [{ files: npm }, { branch: 'feature' }]],
  ['the repository', [{ files: npm }, { id: 2 }]],
  ['the hosts', [{ files: npm }, { setup: { network: ['registry.example.com'] } }]],
  ['the commands', [{ files: npm }, { setup: { commands: ['make deps'] } }]],
])('is another one for another state of %s', async (_, given) => {
  const usual = await keyOf({ files: npm });
  expect(usual).toBeDefined();
  expect(await keyOf(...given)).not.toBe(usual);
});

it('is another one when a file changes that a command names', async () => {
  const setup = { commands: ['pip install -r requirements/dev.txt'] };
  const key = (id: string) => keyOf({ files: { 'requirements/dev.txt': id } }, { setup });
  expect(await key('1')).not.toBe(await key('2'));
});

describe('requirements of Python', () => {
  const python = { 'requirements.txt': '1' };
  const including = { 'requirements.txt': '-r requirements/base.txt', 'requirements/base.txt': '-c pins.txt\n-e lib' };
  const there = { ...python, 'requirements/base.txt': '1', 'requirements/pins.txt': '1', 'lib/setup.py': '1' };

  it.each(['requirements.txt', 'requirements/base.txt', 'requirements/pins.txt', 'lib/setup.py'])(
    'are other ones when %s changes',
    async (path) => {
      const usual = await keyOf({ files: there, texts: including });
      expect(usual).toBeDefined();
      expect(await keyOf({ files: { ...there, [path]: '2' }, texts: including })).not.toBe(usual);
    },
  );

  it('that include each other come to an end', async () => {
    expect(
      await keyOf({ files: python, texts: { 'requirements.txt': '-r a.txt', 'a.txt': '-r requirements.txt' } }),
    ).toBeDefined();
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'something that is not there to be looked at',
      { 'requirements.txt': '-r a.txt', 'a.txt': 'x\n-r https://x.org/y' },
      'a.txt says "-r https://x.org/y"',
    ],
    ['too much', { 'requirements.txt': `#${'x'.repeat(2_000_000)}` }, 'requirements.txt is too large'],
    [
      'too many files',
      Object.fromEntries(
        ['requirements', ...Array.from({ length: 60 }, (_, at) => `r${at}`)].map((name, at) => [
          `${name}.txt`,
          `-r r${at}.txt`,
        ]),
      ),
      'more than 50 files',
    ],
  ])('are not set up where they name %s, and the verdict says why', async (_, texts, why) => {
    const place = await open({ files: python, texts });
    expect(place?.layer).toBeUndefined();
    expect(place?.setup).toEqual({ source: 'none', commands: [], why: expect.stringContaining(why) });
    // What else there is, is.
    const both = await open({ files: { ...python, ...npm }, texts });
    expect(both?.setup).toMatchObject({ source: 'detected', why: expect.stringContaining(why) });
    expect(both?.setup?.commands).toEqual(['npm ci --no-audit --no-fund']);
  });
});

it.each<[string, World, string]>([
  ['the operator does not permit', { files: npm, allow: [] }, 'which the operator does not permit (GATEPILOT_NETWORK)'],
  [
    'no sandbox can hold',
    { files: npm, refuses: 'allowlist' },
    'package-lock.json would be set up: the sandbox cannot give',
  ],
])('is none, and the verdict says why, where lock files ask for hosts that %s', async (_, world, why) => {
  const place = (await open(world)) as SandboxPlace;
  expect(place.layer).toBeUndefined();
  expect(place.setup).toEqual({ source: 'none', commands: [], why: expect.stringContaining(why) });
});

it('fails by the name of what is missing where the settings ask for it', async () => {
  const opening = open({ refuses: 'allowlist' }, { setup: { commands: ['true'], network: ['a.example.com'] } });
  await expect(opening).rejects.toMatchObject({ capability: 'allowlist' });
});

it('is nothing at all when the signal ended it, before or while it is made', async () => {
  const stopping = new AbortController();
  expect(await open({ files: npm, stopping }, { signal: stopping.signal })).toBeUndefined();
  expect(await open({ files: npm }, { signal: AbortSignal.abort('cancelled') })).toBeUndefined();
});
