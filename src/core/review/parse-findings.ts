// Findings as an agent writes them down: a list as JSON in a fence that is called `findings`. Agents are hostile or
// clumsy readers of instructions: what can be understood is, what does not fit is left out by itself and counted, and an
// answer without such a list is none.
import { z } from 'zod';
import { FindingSeverity, FindingStatus } from '../model/finding.ts';

/** What is cut ends neither in a space nor in half a character: whoever writes it down again writes the same. */
const said = (most: number) =>
  z
    .string()
    .transform((text) =>
      text
        .toWellFormed()
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, most)
        .replace(/[\s\ud800-\udbff]+$/, ''),
    )
    .pipe(z.string().min(1));

const fold = (value: unknown) => (typeof value === 'string' ? value.trim().toLowerCase() : value);

/** As agents see a path, or as the repository does. */
const Path = said(300).transform((path) => path.replace(/^(?:\/workspace\/|\.\/|\s)+/, ''));
const Line = z.coerce.number().int().positive().max(1_000_000);

/** What names the place or the command counts, whatever stands beside it. */
const ClaimedEvidence = z.union([
  z.object({ kind: z.literal('command'), command: said(500), output: said(300).optional() }),
  z.object({ kind: z.literal('trace'), path: Path, from: Line, to: Line, quote: said(300) }),
]);

const Claim = z.object({
  // A word for it that nobody knows is no reason to lose what was found.
  severity: z.preprocess(fold, FindingSeverity).catch('major'),
  path: Path,
  line: z
    .preprocess(
      (value) => (typeof value === 'string' && /^\s*\d{1,8}\s*$/.test(value) ? Number(value) : value),
      z.number().int().positive().max(10_000_000),
    )
    .optional()
    .catch(undefined),
  what: said(400),
  how: said(400).optional().catch(undefined),
  status: z.preprocess(fold, FindingStatus).optional().catch(undefined),
  why: said(300).optional().catch(undefined),
  /** A person has to decide; there is nothing to confirm. */
  person: z.boolean().optional().catch(undefined),
  /** What shows it, where it is confirmed. */
  evidence: ClaimedEvidence.optional().catch(undefined),
});
export type Claim = z.infer<typeof Claim>;

export interface FindingList {
  readonly claims: readonly Claim[];
  /** Entries that do not fit, and those beyond what is read of one answer. */
  readonly unread: number;
}

const claimsAtMost = 100;

/** Undefined where the answer holds no list; an empty list says that nothing was found. */
export function parseFindings(answer: string): FindingList | undefined {
  const lists = listFences(answer).flatMap((text) => {
    const value = parseJson(text);
    return Array.isArray(value) ? [value] : [];
  });
  // Whoever thinks aloud writes the list that counts last.
  const list: unknown[] | undefined = lists.at(-1);
  if (!list) return undefined;
  const claims = list.slice(0, claimsAtMost).flatMap((entry) => {
    const parsed = Claim.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
  return { claims, unread: list.length - claims.length };
}

function listFences(text: string): string[] {
  const found: string[] = [];
  let open: { readonly marks: string; readonly lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (open && line.trim().startsWith(open.marks) && /^\s*`+\s*$/.test(line)) {
      found.push(open.lines.join('\n'));
      open = undefined;
    } else if (open) open.lines.push(line);
    else {
      const [, marks] = /^\s*(`{3,})\s*findings\s*$/i.exec(line) ?? [];
      if (marks !== undefined) open = { marks, lines: [] };
    }
  }
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
