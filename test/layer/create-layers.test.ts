// Layers on a real disk: made once however many want them, whole or not at all, and not more of them than there is room for.
import { spawn } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LayerDraft, LayerPort } from '../../src/engine/port/layer.ts';
import { removeTree } from '../../src/engine/remove-tree.ts';
import { createLayers } from '../../src/layer/create-layers.ts';
import { systemClock } from '../../src/process/system-clock.ts';
import { runProcess } from '../../src/subprocess/run-process.ts';
import { quiet } from '../support/quiet.ts';
import { until } from '../support/until.ts';

let place: string;
let folder: string;
const open = (bytesAtMost = 1_000_000_000): LayerPort =>
  createLayers({ folder, bytesAtMost, clock: systemClock, log: quiet, runProcess, removeTree });

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'gp-layers-'));
  folder = join(place, 'layers');
  await mkdir(folder);
});
afterEach(() => rm(place, { recursive: true, force: true }));

function startMaker(how: 'hangs' | 'ends') {
  const script = fileURLToPath(new URL('./maker-main.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, said: text(child.stdout) };
}

const signal = new AbortController().signal;
const wanted = (key = 'k1', repository = 'github.com/1') => ({ repository, key, signal });
const fill = async ({ folder: tree }: LayerDraft, bytes = 10): Promise<undefined> => {
  await writeFile(join(tree, 'node_modules/x.js'), 'x'.repeat(bytes));
};

describe('a layer', () => {
  it('is made once, by whoever comes first, also where others wait in other processes', async () => {
    let made = 0;
    const make = async (draft: LayerDraft): Promise<undefined> => {
      made += 1;
      await mkdir(draft.workspace);
      await fill(draft);
    };
    const layers = await Promise.all([1, 2, 3, 4].map((at) => (at % 2 ? open() : open()).build(wanted(), make)));
    expect(made).toBe(1);
    for (const layer of layers) {
      expect(layer).toEqual({ key: 'k1', folder: expect.stringContaining('k1/tree'), parts: ['node_modules'] });
      expect(await readFile(join(layer?.folder ?? '', 'node_modules/x.js'), 'utf8')).toBe('x'.repeat(10));
    }
    expect(await open().find('github.com/1', 'k1')).toEqual(layers[0]);
    // What was only worked in is gone.
    expect(await readdir(join(folder, encodeURIComponent('github.com/1')))).toEqual(['k1']);
    expect((await readdir(join(folder, encodeURIComponent('github.com/1'), 'k1'))).sort()).toEqual([
      'size',
      'tree',
      'used',
    ]);
  });

  it('is not there when making it failed, and is made by the next one', async () => {
    const layers = open();
    const fail = layers.build(wanted(), async (draft) => {
      await fill(draft);
      throw new Error('the registry is away');
    });
    await expect(fail).rejects.toThrow('the registry is away');
    expect(await layers.find('github.com/1', 'k1')).toBeUndefined();
    expect(await readdir(join(folder, encodeURIComponent('github.com/1')))).toEqual([]);
    expect(await layers.build(wanted(), fill)).toBeDefined();
  });

  it('is made anew where whoever made it died in the middle', async () => {
    const shelf = join(folder, encodeURIComponent('github.com/1'));
    await mkdir(join(shelf, 'k1.lock'), { recursive: true });
    await mkdir(join(shelf, 'k1.draft-1/tree/node_modules'), { recursive: true });
    await writeFile(join(shelf, 'k1.draft-1/tree/node_modules/half.js'), '');
    const longAgo = new Date(Date.now() - 24 * 3_600_000);
    for (const left of ['k1.lock', 'k1.draft-1']) await utimes(join(shelf, left), longAgo, longAgo);
    const layer = await open().build(wanted(), fill);
    expect(await readdir(join(layer?.folder ?? '', 'node_modules'))).toEqual(['x.js']);
    expect(await readdir(shelf)).toEqual(['k1']);
  });

  it('is made once by several processes of a machine', async () => {
    const makers = [1, 2, 3].map(() => startMaker('ends'));
    const [first, ...others] = await Promise.all(makers.map(({ said }) => said));
    expect(JSON.parse(first ?? '')).toMatchObject({ key: 'k1', parts: ['node_modules'] });
    expect(others).toEqual([first, first]);
    expect(await readFile(join(place, 'began'), 'utf8')).toBe('ends\n');
  });

  it('is made by another process when the one that makes it is killed in the middle, and holds nothing of it', async () => {
    const killed = startMaker('hangs');
    const began = (count: number) => async () => {
      const text = await readFile(join(place, 'began'), 'utf8').catch(() => '');
      return text.split('\n').length > count ? true : undefined;
    };
    await until(began(1));
    const next = startMaker('ends');
    killed.child.kill('SIGKILL');
    await killed.said;
    const shelf = join(folder, encodeURIComponent('github.com/1'));
    expect((await readdir(shelf)).map((name) => name.replace(/draft-.*/, 'draft')).sort()).toEqual([
      'k1.draft',
      'k1.lock',
    ]);
    expect(await open().find('github.com/1', 'k1')).toBeUndefined();
    // As if a minute had passed, in which its owner would have touched it many times.
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(join(shelf, 'k1.lock'), longAgo, longAgo);
    const layer = JSON.parse(await next.said);
    expect(await readdir(join(layer.folder, 'node_modules'))).toEqual(['ends.js']);
    // Nobody can tell it from one whose maker is only held up, until it is older than any set-up may take.
    const [, left = ''] = await readdir(shelf);
    expect(left).toMatch(/^k1\.draft-/);
    const hoursAgo = new Date(Date.now() - 13 * 3_600_000);
    await utimes(join(shelf, left), hoursAgo, hoursAgo);
    await open().build(wanted('k2'), fill);
    expect(await readdir(shelf)).toEqual(['k1', 'k2']);
  });

  it('that two make, since one was given up for dead, is that of the faster one for both', async () => {
    const shelf = join(folder, encodeURIComponent('github.com/1'));
    let fast: Promise<unknown> | undefined;
    const slow = await open().build(wanted(), async (draft) => {
      await fill(draft, 1);
      // This process was held up for minutes: its lock is taken from it, and it knows nothing of that.
      await rename(join(shelf, 'k1.lock'), join(shelf, 'gone.lock'));
      fast = open().build(wanted(), (other) => fill(other, 2));
      await fast;
      // Its commands go on meanwhile, and would fail in the middle where that is taken from them.
      await writeFile(join(draft.folder, 'node_modules/late.js'), '');
    });
    expect(slow).toEqual(await fast);
    expect(await readdir(shelf)).toEqual(['gone.lock', 'k1']);
    expect(await readFile(join(slow?.folder ?? '', 'node_modules/x.js'), 'utf8')).toBe('xx');
  });

  it('keeps nobody from making it when the one who made it could not clean up', async () => {
    const layers = open();
    const broken = createLayers({
      ...{ folder, bytesAtMost: 1_000_000_000, clock: systemClock, log: quiet, runProcess },
      removeTree: async () => false,
    });
    await expect(broken.build(wanted(), fill)).rejects.toMatchObject({ name: 'ExternalError' });
    expect(await layers.build(wanted(), fill)).toMatchObject({ key: 'k1' });
  });

  it('is not waited for any longer than anybody wants it', async () => {
    const shelf = join(folder, encodeURIComponent('github.com/1'));
    await mkdir(join(shelf, 'k1.lock'), { recursive: true });
    const stopping = new AbortController();
    const waiting = open().build({ ...wanted(), signal: stopping.signal }, fill);
    stopping.abort();
    expect(await waiting).toBeUndefined();
  });

  it('belongs to its repository', async () => {
    const layers = open();
    await layers.build(wanted(), fill);
    expect(await layers.find('github.com/2', 'k1')).toBeUndefined();
    await layers.build(wanted('k1', 'github.com/2'), fill);
    await layers.removeAll('github.com/1');
    expect(await layers.find('github.com/1', 'k1')).toBeUndefined();
    expect(await layers.find('github.com/2', 'k1')).toBeDefined();
  });

  it('is out of sight at once when all of a repository go, and what stays of it then goes with the next one', async () => {
    const layers = open();
    await layers.build(wanted(), fill);
    await layers.build(wanted('k1', 'github.com/2'), fill);
    const broken = createLayers({
      ...{ folder, bytesAtMost: 1_000_000_000, clock: systemClock, log: quiet, runProcess },
      removeTree: async () => false,
    });
    await expect(broken.removeAll('github.com/1')).rejects.toMatchObject({ name: 'ExternalError' });
    expect(await layers.find('github.com/1', 'k1')).toBeUndefined();
    await layers.removeAll('github.com/1');
    expect(await readdir(folder)).toEqual([encodeURIComponent('github.com/2')]);
  });

  it('can be read by every user of a sandbox and changed by none, and gives nobody powers', async () => {
    const layer = await open().build(wanted(), async ({ folder: tree }) => {
      await writeFile(join(tree, 'node_modules/closed.js'), '');
      await chmod(join(tree, 'node_modules/closed.js'), 0o600);
      await writeFile(join(tree, 'node_modules/root'), '');
      await chmod(join(tree, 'node_modules/root'), 0o4777);
      // A link is left alone, and what it points to as well.
      await writeFile(join(place, 'of-the-host'), '');
      await chmod(join(place, 'of-the-host'), 0o600);
      await symlink(join(place, 'of-the-host'), join(tree, 'node_modules/link'));
    });
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);
    expect(await modeOf(join(layer?.folder ?? '', 'node_modules/closed.js'))).toBe('644');
    expect(await modeOf(join(layer?.folder ?? '', 'node_modules/root'))).toBe('755');
    expect(await modeOf(join(place, 'of-the-host'))).toBe('600');
  });

  it('goes when there is no room, the one first that was not used for longest, and none that may be in use', async () => {
    const layers = open(250_000);
    const big = (draft: LayerDraft) => fill(draft, 100_000);
    for (const key of ['old', 'older', 'recent']) await layers.build(wanted(key), big);
    const shelf = join(folder, encodeURIComponent('github.com/1'));
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    await utimes(join(shelf, 'old', 'used'), hoursAgo(20), hoursAgo(20));
    await utimes(join(shelf, 'older', 'used'), hoursAgo(40), hoursAgo(40));
    await layers.build(wanted('new'), big);
    expect((await readdir(shelf)).sort()).toEqual(['new', 'recent']);
  });

  it('keeps what its making reached and was denied, for whoever finds it later', async () => {
    const denied = [{ host: 'cdn.example', why: 'not_listed', count: 1 } as const];
    const network = { reached: [], otherReached: 0, denied, otherDenied: 0 };
    const layer = await open().build(wanted(), async (draft) => {
      await fill(draft);
      return network;
    });
    expect(layer?.network).toEqual(network);
    expect(await open().find('github.com/1', 'k1')).toEqual(layer);
  });

  it('says nothing of what nothing came into', async () => {
    const layer = await open().build(wanted(), async () => undefined);
    expect(layer?.parts).toEqual([]);
  });
});
