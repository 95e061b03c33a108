// A run as one file: lines of JSON, the first of which says what it is and the last of which holds the hash of all
// before it. Whoever reads one trusts nothing in it that was not checked here.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SubjectRecord } from '../../core/model/record.ts';
import { Run } from '../../core/model/run.ts';
import { SubjectId } from '../../core/model/subject.ts';

export const archiveVersion = 1;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const Header = z.strictObject({
  kind: z.literal('gatepilot-archive'),
  version: z.literal(archiveVersion),
  subject: SubjectId,
  run: z.string().regex(/^r[1-9]\d{0,5}$/),
});

const LoggedLine = z.strictObject({
  sequence: z.number().int().positive(),
  at: z.number(),
  kind: z.string(),
  text: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});

/** `restricted` is not redacted: it is for machines and is never shown. */
const ArtifactLine = z.discriminatedUnion('class', [
  z.strictObject({ kind: z.literal('artifact'), class: z.literal('text'), id: Sha256, text: z.string() }),
  z.strictObject({ kind: z.literal('artifact'), class: z.literal('restricted'), id: Sha256, base64: z.base64() }),
]);
export type ArchivedArtifact = z.infer<typeof ArtifactLine>;

const Line = z.union([
  z.strictObject({
    kind: z.literal('record'),
    about: SubjectRecord.pick({ repository: true, number: true, isPullRequest: true, title: true }),
    run: Run,
  }),
  /** What the gate said of the run when the file was made. */
  z.strictObject({ kind: z.literal('verdict'), verdict: z.unknown() }),
  z.strictObject({ kind: z.literal('event'), event: LoggedLine }),
  ArtifactLine,
  z.strictObject({ kind: z.literal('absent'), id: Sha256, why: z.enum(['left_out', 'not_kept']) }),
]);
type Line = z.infer<typeof Line>;

const End = z.strictObject({ kind: z.literal('end'), lines: z.number().int(), sha256: Sha256 });

type About = Pick<SubjectRecord, 'repository' | 'number' | 'isPullRequest' | 'title'>;

export interface Archive {
  readonly subject: SubjectId;
  readonly about: About;
  readonly run: Run;
  readonly verdict: unknown;
  readonly events: readonly z.infer<typeof LoggedLine>[];
  readonly artifacts: readonly ArchivedArtifact[];
  /** Artifacts that the run names and the file does not hold. */
  readonly absent: readonly { readonly id: string; readonly why: 'left_out' | 'not_kept' }[];
}

export type ParsedArchive =
  | { readonly kind: 'archive'; readonly archive: Archive }
  | { readonly kind: 'refused'; readonly why: string };

export function renderArchive({ subject, about, run, verdict, events, artifacts, absent }: Archive): string {
  const header = { kind: 'gatepilot-archive', version: archiveVersion, subject, run: run.id };
  const lines: Line[] = [
    { kind: 'record', about, run },
    { kind: 'verdict', verdict },
    ...events.map((event) => ({ kind: 'event' as const, event })),
    ...artifacts,
    ...absent.map((each) => ({ kind: 'absent' as const, ...each })),
  ];
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  return `${text}${JSON.stringify({ kind: 'end', lines: lines.length + 1, sha256: hash(text) })}\n`;
}

export function parseArchive(text: string): ParsedArchive {
  const lines = text.split('\n');
  const header = parseJson(lines[0] ?? '');
  const version = z.object({ kind: z.literal('gatepilot-archive'), version: z.unknown() }).safeParse(header);
  if (!version.success) return refused('it is no archive of a run');
  if (version.data.version !== archiveVersion)
    return refused(`its version is ${JSON.stringify(version.data.version)}, and ${archiveVersion} is known here`);
  const first = Header.safeParse(header);
  const end = End.safeParse(parseJson(lines.at(-2) ?? ''));
  if (!first.success || !end.success || lines.at(-1) !== '') return refused('it is not whole');
  const content = lines.slice(0, -2);
  const isWhole =
    content.length === end.data.lines && hash(content.map((line) => `${line}\n`).join('')) === end.data.sha256;
  if (!isWhole) return refused('its content does not match its hash');
  return assemble(first.data, content.slice(1));
}

function assemble(header: z.infer<typeof Header>, texts: readonly string[]): ParsedArchive {
  const lines: Line[] = [];
  for (const [index, text] of texts.entries()) {
    const line = Line.safeParse(parseJson(text));
    if (!line.success) return refused(`line ${index + 2} cannot be read`);
    lines.push(line.data);
  }
  const [record, verdict, ...rest] = lines;
  if (record?.kind !== 'record' || verdict?.kind !== 'verdict') return refused('it holds no run');
  if (record.run.id !== header.run || !isOfSubject(header.subject, record.about))
    return refused('the run is not the one that it is said to be');
  const artifacts = rest.flatMap((line) => (line.kind === 'artifact' ? [line] : []));
  const forged = artifacts.find((artifact) => hash(readContent(artifact)) !== artifact.id);
  if (forged) return refused(`the artifact ${forged.id} does not match its name`);
  return {
    kind: 'archive',
    archive: {
      subject: header.subject,
      about: record.about,
      run: record.run,
      verdict: verdict.verdict,
      events: rest.flatMap((line) => (line.kind === 'event' ? [line.event] : [])),
      artifacts,
      absent: rest.flatMap((line) => (line.kind === 'absent' ? [{ id: line.id, why: line.why }] : [])),
    },
  };
}

function isOfSubject(subject: SubjectId, { repository, number }: About): boolean {
  return subject === `${repository.host}/${repository.id}/${number}`;
}

function readContent(artifact: ArchivedArtifact): Uint8Array {
  return artifact.class === 'text' ? Buffer.from(artifact.text, 'utf8') : Buffer.from(artifact.base64, 'base64');
}

function refused(why: string): ParsedArchive {
  return { kind: 'refused', why };
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
