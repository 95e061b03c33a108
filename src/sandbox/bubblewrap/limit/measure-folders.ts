// How much is in folders that hostile programs write to meanwhile.
import { type RunTool, ToolFailed } from '../../../subprocess/run-tool.ts';

export interface FolderUse {
  readonly bytes: number;
  /** Names of files and folders. */
  readonly entries: number;
}

/** Whoever makes it take longer is taken for full. */
const withinMs = 30_000;
const blockBytes = 512;

/**
 * Bytes on disk, each file once, without following links or leaving the file system. What is known to be beyond the
 * bounds is not counted to its end, so that nobody keeps it busy for long.
 */
const script = String.raw`
most=$1; many=$2; shift 2
find "$@" -xdev -ignore_readdir_race \( -links 1 -o -type d \) -printf '%b\n' -o -printf '%b %D:%i\n' 2>&1 |
  awk -v most="$most" -v many="$many" '
    /^[0-9]+$/ { blocks += $1; entries++ }
    /^[0-9]+ [0-9]+:[0-9]+$/ { entries++; if (!($2 in seen)) { seen[$2] = 1; blocks += $1 } }
    /Permission denied$/ { isClosed = 1 }
    blocks > most || entries > many { exit }
    END { printf "%.0f %.0f %d\n", blocks, entries, isClosed }'`;

const boundless: FolderUse = { bytes: Number.POSITIVE_INFINITY, entries: Number.POSITIVE_INFINITY };

/** Fails where this host cannot tell. */
export async function measureFolders(
  runTool: RunTool,
  paths: readonly string[],
  bounds: FolderUse,
): Promise<FolderUse> {
  const most = Math.ceil(bounds.bytes / blockBytes);
  const command = ['sh', '-c', script, 'sh', String(most), String(bounds.entries), ...paths];
  const seen = await measure(runTool, command);
  if (!seen.isClosed) return seen;
  // Folders that their owner closed to itself. Who made them can take a right to look that goes over nobody else's.
  return await measure(runTool, ['unshare', '--user', '--map-root-user', '--', ...command]).catch(() => seen);
}

async function measure(
  runTool: RunTool,
  [program = '', ...args]: readonly string[],
): Promise<FolderUse & { readonly isClosed: boolean }> {
  try {
    const [, blocks, entries, isClosed] =
      /^(\d+) (\d+) ([01])\n$/.exec(await runTool(program, args, { timeoutMs: withinMs })) ?? [];
    if (blocks === undefined) throw new Error('the folders of a sandbox could not be measured');
    return { bytes: Number(blocks) * blockBytes, entries: Number(entries), isClosed: isClosed === '1' };
  } catch (error) {
    if (error instanceof ToolFailed && error.isBeyond) return { ...boundless, isClosed: false };
    throw error;
  }
}
