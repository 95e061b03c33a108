// A run as one file: what comes out goes in again unchanged, what was tampered with is refused, and the gate says the
// same of it without a model.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDiskArtifacts } from '../../src/artifact/create-disk-artifacts.ts';
import type { Run } from '../../src/core/model/run.ts';
import { toRepositoryKey } from '../../src/core/model/subject.ts';
import { redact } from '../../src/core/sanitise/redact.ts';
import { parseArchive } from '../../src/engine/archive/archive.ts';
import { type ExportPorts, exportRun } from '../../src/engine/archive/export-run.ts';
import { importRun } from '../../src/engine/archive/import-run.ts';
import { replayArchive } from '../../src/engine/archive/replay-archive.ts';
import { openRun } from '../core/gate/gate-record.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type AdminStage, repository, startAdminStage } from './admin-stage.ts';

let redis: TestRedis;
let stage: AdminStage;
let folder: string;
let ports: ExportPorts;
let next = 500;
let number: number;

beforeAll(async () => {
  redis = await startTestRedis();
  stage = await startAdminStage(redis);
  folder = await mkdtemp(join(tmpdir(), 'gp-archive-'));
  const artifacts = createDiskArtifacts({ folder, redact: (text) => redact(text).text });
  ports = { store: stage.store, artifacts };
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
  await rm(folder, { recursive: true });
});

const key = toRepositoryKey(repository);
const secret = `ghp_${'a'.repeat(36)}`;

/** A ready run with a transcript and a bundle that are kept, and a log that is not. */
async function makeRun(): Promise<Run> {
  const run = openRun();
  const [task] = run.tasks;
  const [attempt] = task?.attempts ?? [];
  const [command] = run.verification?.report.commands ?? [];
  if (!attempt || !command || task?.state.kind !== 'merged') throw new Error('a ready run has all of these');
  attempt.transcript = await ports.artifacts.putText(key, 'what the agent said');
  task.state.contribution.bundle = await ports.artifacts.put(key, Buffer.from([0, 255, 1]));
  command.log = 'c'.repeat(64);
  run.request = `use ${secret}`;
  return run;
}

beforeEach(async () => {
  next += 1;
  number = next;
  await stage.write(number, ['one', `found ${secret}`], { run: await makeRun() });
});

async function exported(isWithRestricted = false): Promise<string> {
  return (await exportRun(ports, { subject: stage.subject(number), isWithRestricted })) ?? '';
}

function archiveOf(text: string) {
  const parsed = parseArchive(text);
  if (parsed.kind === 'refused') throw new Error(parsed.why);
  return parsed.archive;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** A line is changed, and the last one made to fit: whoever forges a file can do that. */
function forge(text: string, change: (line: Record<string, unknown>) => object | undefined): string {
  const lines = text.trimEnd().split('\n').slice(0, -1);
  const content = lines.flatMap((line) => change(JSON.parse(line) as Record<string, unknown>) ?? []);
  const body = content.map((line) => `${JSON.stringify(line)}\n`).join('');
  return `${body}${JSON.stringify({ kind: 'end', lines: content.length, sha256: hash(body) })}\n`;
}

function whyRefused(text: string): string {
  const parsed = parseArchive(text);
  return parsed.kind === 'refused' ? parsed.why : 'not refused';
}

describe('an export', () => {
  it('holds the run, its log and its artifacts, and says what it does not hold', async () => {
    const archive = archiveOf(await exported());
    expect(archive.events.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(archive.artifacts).toEqual([
      { kind: 'artifact', class: 'text', id: hash('what the agent said'), text: 'what the agent said' },
    ]);
    expect(archive.absent).toContainEqual({ id: 'c'.repeat(64), why: 'not_kept' });
    expect(archive.absent.filter(({ why }) => why === 'left_out').length).toBeGreaterThan(0);
  });

  it('holds code only when it is asked for, and marks it', async () => {
    const { artifacts } = archiveOf(await exported(true));
    expect(artifacts).toContainEqual({
      kind: 'artifact',
      class: 'restricted',
      id: createHash('sha256')
        .update(Buffer.from([0, 255, 1]))
        .digest('hex'),
      base64: 'AP8B',
    });
  });

  it('holds no secret', async () => {
    expect(await exported()).not.toContain(secret);
  });

  it('is nothing where there is no run', async () => {
    expect(await exportRun(ports, { subject: stage.subject(9_999), isWithRestricted: false })).toBeUndefined();
    expect(
      await exportRun(ports, { subject: stage.subject(number), run: 'r7', isWithRestricted: false }),
    ).toBeUndefined();
  });
});

describe('an import', () => {
  it('gives back the very file, under a name of its own', async () => {
    const file = await exported();
    const imported = await importRun(ports, file);
    if (imported.kind === 'refused') throw new Error(imported.why);
    expect(imported.subject).toMatch(new RegExp(`^_imported-[0-9a-f]{16}/7/${number}$`));
    expect(await exportRun(ports, { subject: imported.subject, isWithRestricted: false })).toBe(file);
    expect(await importRun(ports, file)).toEqual({ ...imported, isNew: false });
  });

  it('is read like any subject, and takes no command', async () => {
    const imported = await importRun(ports, await exported());
    const subject = imported.kind === 'imported' ? imported.subject : '';
    const url = `${stage.url}/api/repositories/${subject.split('/')[0]}/7/subjects/${number}`;
    expect(await (await fetch(url)).json()).toMatchObject({
      subject,
      state: 'none',
      archived: [{ id: 'r1', state: 'ready' }],
    });
    const response = await fetch(`${url}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: '{"command":"run"}',
    });
    expect([response.status, await response.json()]).toMatchObject([409, { error: { code: 'read_only' } }]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['another kind of file', () => '{"kind":"something"}\n', /no archive/],
    ['no file', () => '', /no archive/],
    ['another version', (text) => text.replace('"version":1', '"version":2'), /version is 2/],
    ['half a file', (text) => text.slice(0, text.length / 2), /not whole/],
    ['a file with one character changed', (text) => text.replace('"one"', '"two"'), /does not match its hash/],
    [
      'an artifact that is another one',
      (text) => forge(text, (line) => (line['kind'] === 'artifact' ? { ...line, text: 'something else' } : line)),
      /does not match its name/,
    ],
    [
      'an artifact whose name leads elsewhere',
      (text) => forge(text, (line) => (line['kind'] === 'artifact' ? { ...line, id: '../../../etc/passwd' } : line)),
      /cannot be read/,
    ],
    [
      'a subject whose name leads elsewhere',
      (text) => forge(text, (line) => (line['subject'] ? { ...line, subject: '../../x/7/1' } : line)),
      /not whole/,
    ],
    [
      'the run of another subject',
      (text) => forge(text, (line) => (line['subject'] ? { ...line, subject: 'git.test/7/1' } : line)),
      /not the one/,
    ],
    ['no run', (text) => forge(text, (line) => (line['kind'] === 'record' ? undefined : line)), /no run/],
    [
      'a line of another kind',
      (text) => forge(text, (line) => (line['kind'] === 'event' ? { kind: 'x' } : line)),
      /line \d+/,
    ],
  ])('refuses %s', async (_what, change, why) => {
    const text = change(await exported());
    expect(whyRefused(text)).toMatch(why);
    expect((await importRun(ports, text)).kind).toBe('refused');
  });
});

describe('a replay', () => {
  it('asks the gate anew and finds what it said', async () => {
    const replayed = replayArchive(await exported());
    expect(replayed).toMatchObject({ kind: 'replayed', run: 'r1', isSame: true, verdict: { state: { kind: 'open' } } });
    expect(replayed).toMatchObject({ missing: ['c'.repeat(64)] });
  });

  it('finds out when the file says something else than its run', async () => {
    const text = forge(await exported(), (line) =>
      line['kind'] === 'record' ? { ...line, run: { ...(line['run'] as Run), tasks: [] } } : line,
    );
    expect(replayArchive(text)).toMatchObject({
      kind: 'replayed',
      isSame: false,
      verdict: { state: { kind: 'waiting' } },
    });
  });

  it('is a program that needs nothing but the file', async () => {
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const path = join(folder, 'run.jsonl');
    await writeFile(path, await exported());
    const script = join(import.meta.dirname, '../../src/operator/main.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [script, 'replay', path], { env: {}, cwd: folder });
    expect(stdout).toMatch(
      /^Run r1 \(ready\)\. The gate is open: .*\n.*\nThis is what it said when the file was made\.\n$/,
    );
  });
});
