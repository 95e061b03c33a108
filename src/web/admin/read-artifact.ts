// What a record points at by a hash, as text: logs, prompts, answers, plans and reports. What is for machines, such as bundles,
// is not shown: it was never redacted.
import { type Answer, toAnswer, toProblem } from './answer.ts';
import type { AdminPorts, Call } from './call.ts';

const charsAtMost = 1024 * 1024;

export async function readArtifact({ artifacts }: AdminPorts, { params }: Call): Promise<Answer> {
  const { host = '', repository = '', id = '' } = params;
  if (!/^\d+$/.test(repository) || !/^[0-9a-f]{64}$/.test(id))
    return toProblem('bad_request', 'A repository is named by its number, and an artifact by 64 hexadecimal digits.');
  const content = await artifacts.read(`${host}/${repository}`, id);
  if (!content) return toProblem('not_found', 'There is no artifact of this name in this repository.');
  const text = toText(content);
  if (text === undefined) return toProblem('not_shown', 'It is no text for people: an export of its run holds it.');
  // Its beginning, since whoever wants all of a long one has the file in the export.
  return toAnswer({ id, text: text.slice(0, charsAtMost), isCut: text.length > charsAtMost });
}

function toText(content: Uint8Array): string | undefined {
  const isBundle = Buffer.from(content.subarray(0, 5)).toString('latin1') === '# v2 ';
  if (isBundle || content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
