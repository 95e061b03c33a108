// What an operator does with runs as files, and with agents:
// `main.ts export SUBJECT [RUN] [--with-bundles] | import FILE | replay FILE | install-agent NAME | resources FOLDER`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPackages } from '../agent/acp/installed-packages.ts';
import { createDiskArtifacts } from '../artifact/create-disk-artifacts.ts';
import { SubjectId } from '../core/model/subject.ts';
import { redact } from '../core/sanitise/redact.ts';
import { type ExportPorts, exportRun } from '../engine/archive/export-run.ts';
import { importRun } from '../engine/archive/import-run.ts';
import { replayArchive } from '../engine/archive/replay-archive.ts';
import {
  EnvironmentMistake,
  readAgentEnv,
  readEnv,
  readNpmEnv,
  readOfferedModels,
  readResourceFolder,
} from '../env.ts';
import { findProfile } from '../process/open-agents.ts';
import { MissingPrerequisite, openFoundation } from '../process/open-foundation.ts';
import { listResources } from './list-resources.ts';

/** Something in what the operator gave; the message is for them. */
class Refused extends Error {
  override readonly name = 'Refused';
}

const usage =
  'export SUBJECT [RUN] [--with-bundles], import FILE, replay FILE, install-agent NAME, or resources FOLDER';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'with-bundles': { type: 'boolean', default: false } },
  });
  const [mode, first, second] = positionals;
  if (first === undefined) throw new Refused(usage);
  switch (mode) {
    case 'export':
      return await withStore((ports) => writeExport(ports, first, second, values['with-bundles']));
    case 'import':
      return await withStore((ports) => readImport(ports, first));
    case 'replay':
      return await replay(first);
    case 'install-agent':
      return await installAgent(first);
    case 'resources':
      return await showResources(first);
    default:
      throw new Refused(usage);
  }
}

async function writeExport(ports: ExportPorts, name: string, run: string | undefined, isWithRestricted: boolean) {
  const subject = SubjectId.safeParse(name);
  if (!subject.success) throw new Refused('a subject is written HOST/REPOSITORY-ID/NUMBER');
  const file = await exportRun(ports, { subject: subject.data, run, isWithRestricted });
  if (file === undefined) throw new Refused('there is no such run');
  await new Promise<void>((resolve) => process.stdout.write(file, () => resolve()));
}

async function readImport(ports: ExportPorts, path: string): Promise<void> {
  const imported = await importRun(ports, await readFile(path, 'utf8'));
  if (imported.kind === 'refused') throw new Refused(`the file was refused: ${imported.why}`);
  const how = imported.isNew ? 'imported' : 'imported before';
  process.stdout.write(`${how}, to be read as ${imported.subject}\n`);
}

async function replay(path: string): Promise<void> {
  const replayed = replayArchive(await readFile(path, 'utf8'));
  if (replayed.kind === 'refused') throw new Refused(`the file was refused: ${replayed.why}`);
  const { run, state, verdict, isSame, missing } = replayed;
  const lines = [
    `Run ${run} (${state}). The gate is ${verdict.state.kind}: ${verdict.because}`,
    ...missing.map((log) => `The log ${log} of a verify command is not in the file.`),
    isSame ? 'This is what it said when the file was made.' : 'This is NOT what it said when the file was made.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!isSame) process.exitCode = 1;
}

async function installAgent(name: string): Promise<void> {
  if (name === 'pi' || name === 'command') throw new Refused(`for ${name} there is nothing to install`);
  const agent = readAgentEnv();
  const profile = await findProfile(agent, name);
  const modules = await installPackages(agent.folder, profile, readNpmEnv());
  process.stdout.write(`${name} is in ${modules}\n`);
}

async function showResources(folder: string): Promise<void> {
  const { name, others } = readAgentEnv();
  const offered = { agents: [name, ...others], models: readOfferedModels() };
  const about = { operatorFolder: readResourceFolder(), offered };
  const list = await listResources(folder, about);
  if (!list) throw new Refused(`${folder} is no folder: name a working copy of a repository`);
  process.stdout.write(list.text);
  if (list.isWrong) process.exitCode = 1;
}

async function withStore(work: (ports: ExportPorts) => Promise<void>): Promise<void> {
  const env = readEnv();
  const foundation = await openFoundation(env, []);
  try {
    const folder = join(env.dataFolder, 'artifacts');
    const artifacts = createDiskArtifacts({ folder, redact: (text) => redact(text).text });
    await work({ store: foundation.store, artifacts });
  } finally {
    await foundation.close();
  }
}

main().catch((error: unknown) => {
  const isTheirs =
    error instanceof Refused || error instanceof EnvironmentMistake || error instanceof MissingPrerequisite;
  process.stderr.write(`${isTheirs ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(isTheirs ? 65 : 70);
});
