// A place for images of a test's own, made of programs of this machine: nothing is fetched, and those of the machine stay alone.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const places = ['/usr/bin', '/bin', '/usr/sbin'];
/** As on a system whose programs are all below /usr. */
const links = ['bin', 'sbin', 'lib', 'lib64'];

export class ImageStore {
  readonly folder: string;
  /** Leads podman to it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #podman: string;

  constructor(podman: string, folder: string) {
    this.#podman = podman;
    this.folder = folder;
    this.environment = { CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf') };
  }

  /** With these programs, the libraries that they need, those of Node and nothing else. */
  async makeImage(name: string, programs: readonly string[]): Promise<void> {
    const root = await mkdtemp(join(this.folder, 'root-'));
    for (const folder of ['usr/bin', 'usr/lib', 'usr/lib64', 'usr/sbin'])
      await mkdir(join(root, folder), { recursive: true });
    for (const link of links) await symlink(`usr/${link}`, join(root, link));
    const paths = await Promise.all(programs.map(locate));
    for (const path of paths) await run('cp', ['-L', path, join(root, path)]);
    const libraries = new Set((await Promise.all([process.execPath, ...paths].map(listLibraries))).flat());
    for (const path of libraries) {
      await mkdir(join(root, path, '..'), { recursive: true });
      await run('cp', ['-L', path, join(root, path)]);
    }
    const archive = `${root}.tar`;
    await run('tar', ['-C', root, '-cf', archive, '.']);
    await run(this.#podman, ['import', archive, name], { env: { PATH: places.join(':'), ...this.environment } });
    await rm(root, { recursive: true });
    await rm(archive);
  }
}

export async function openImageStore(podman: string): Promise<ImageStore> {
  const folder = await mkdtemp(join(tmpdir(), 'images-'));
  // Whoever is root of a container is somebody else outside, and passes here.
  await chmod(folder, 0o711);
  const settings = [
    '[storage]',
    'driver = "overlay"',
    `graphroot = "${folder}/store"`,
    `runroot = "${folder}/run"`,
    '',
  ];
  await writeFile(join(folder, 'storage.conf'), settings.join('\n'));
  return new ImageStore(podman, folder);
}

async function locate(program: string): Promise<string> {
  for (const place of places) {
    const found = (await readdir(place)).includes(program);
    if (found) return join(place, program);
  }
  throw new Error(`there is no ${program} on this machine`);
}

async function listLibraries(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}
