// Calls ensurePrerequisites in a process of its own, so that a test can choose the user. Options come as JSON in the
// first argument; lines said and the result go to stdout as JSON.
import { ensurePrerequisites } from '../../src/prerequisite/ensure-prerequisites.ts';

const lines: string[] = [];
const options = JSON.parse(process.argv[2] ?? '{}');
const result = await ensurePrerequisites({ ...options, out: (line: string) => lines.push(line) });
process.stdout.write(JSON.stringify({ lines, result }));
