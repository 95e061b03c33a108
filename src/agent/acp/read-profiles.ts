import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AcpProfile } from './acp-profile.ts';
import { builtInProfiles } from './built-in-profiles.ts';

export type ReadProfiles =
  | { readonly kind: 'read'; readonly profiles: readonly AcpProfile[] }
  /** Something in a file of the operator; a sentence for them. */
  | { readonly kind: 'mistake'; readonly why: string };

/** Agents that are reached in another way. */
const otherAgents = ['command', 'pi'];

/** The profiles that come with the product and those of the operator: one file of JSON each. */
export async function readProfiles(folder: string | undefined): Promise<ReadProfiles> {
  const profiles = [...builtInProfiles];
  const mistake = (why: string): ReadProfiles => ({ kind: 'mistake', why });
  if (folder === undefined) return { kind: 'read', profiles };
  const names = await readdir(folder).catch(() => undefined);
  if (!names) return mistake(`The folder of agent profiles ${folder} cannot be read.`);
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const path = join(folder, name);
    const parsed = AcpProfile.safeParse(parseJson(await readFile(path, 'utf8').catch(() => '')));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return mistake(
        `The agent profile ${path} is wrong: ${[issue?.path.join('.'), issue?.message].join(' ').trim()}.`,
      );
    }
    if (otherAgents.includes(parsed.data.name) || profiles.some((one) => one.name === parsed.data.name))
      return mistake(`The agent profile ${path} takes a name that is taken: ${parsed.data.name}.`);
    profiles.push(parsed.data);
  }
  return { kind: 'read', profiles };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
