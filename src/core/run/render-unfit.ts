// Why settings cannot be carried out as they are: no run starts on them, and no verdict is made by them.
import type { OfferedSandbox } from '../model/offered-sandbox.ts';
import type { RunPolicy } from '../model/run.ts';
import type { NetworkPermit } from '../network/network-permit.ts';
import { parseImageSandbox } from '../policy/name-sandbox.ts';
import { quoteCode, quoteInline } from '../reply/quote-inline.ts';
import { findUnproven } from './find-unproven.ts';

export function renderBlocking(mistakes: readonly string[]): string {
  const list = mistakes.map((mistake) => `\n- ${quoteInline(mistake, 300)}`).join('');
  return `\`.github/gatepilot.yml\` has mistakes where guessing would make the gate weaker than you asked for:${list}`;
}

export function renderAbsentSandbox(name: string, offered: readonly string[]): string {
  if (name === 'none')
    return (
      '`.github/gatepilot.yml` asks for no sandbox at all (`sandbox.provider: none`), and the operator does not allow that here. ' +
      'It takes both: `GATEPILOT_ALLOW_NO_SANDBOX=true` of the operator and this setting.'
    );
  const list = renderOffered(offered.filter((offer) => parseImageSandbox(offer) === undefined));
  const image = parseImageSandbox(name);
  if (image !== undefined) {
    const images = offered.flatMap((offer) => parseImageSandbox(offer) ?? []);
    const there = images.length === 0 ? 'there is none' : `there is: ${renderOffered(images)}`;
    return (
      `\`setup.image\` in \`.github/gatepilot.yml\` names an image that is not offered here (${quoteCode(image)}); ${there}. ` +
      'The operator offers images in `GATEPILOT_OCI_IMAGES`, each under exactly the name that settings use.'
    );
  }
  return `\`.github/gatepilot.yml\` names a sandbox that is not offered here (${quoteCode(name)}); there is: ${list}. No other takes its place.`;
}

function renderOffered(names: readonly string[]): string {
  return names.map((name) => quoteCode(name)).join(', ');
}

/** Why the hosts that agents are to reach cannot be what they reach. */
export function renderUnheldNetwork(
  { provider, network }: RunPolicy['sandbox'],
  forbidden: readonly string[],
  { allow }: NetworkPermit,
): string | undefined {
  if (provider === 'none' && network.length > 0)
    return (
      '`.github/gatepilot.yml` lists hosts in `sandbox.network` and asks for no sandbox at all: without one nothing holds ' +
      'an agent to a list. Take one of the two away.'
    );
  if (forbidden.length === 0) return undefined;
  const list = (hosts: readonly string[]) => hosts.map((host) => quoteCode(host)).join(', ');
  const permitted =
    allow.length === 0 ? 'None is permitted here' : `Permitted are hosts within: ${list(allow.slice(0, 20))}`;
  return (
    `\`sandbox.network\` or \`setup.network\` in \`.github/gatepilot.yml\` names hosts that the operator does not permit ` +
    `(${list(forbidden.slice(0, 20))}). ${permitted}; the operator says so in \`GATEPILOT_NETWORK\` and \`GATEPILOT_NETWORK_DENY\`.`
  );
}

/** Whatever is missing would be refused when the first sandbox is opened, after the plan was paid for. */
export function renderUnproven(sandboxes: readonly OfferedSandbox[], policy: RunPolicy): string | undefined {
  const unproven = findUnproven(sandboxes, policy);
  if (!unproven) return undefined;
  const { sandbox, capability, setting } = unproven;
  const asks = setting === undefined ? 'which every run needs' : `which \`${setting}\` asks for`;
  const without = setting === undefined ? '' : `, or take \`${setting}\` away`;
  return (
    `The sandbox ${quoteCode(sandbox)} cannot give "${capability}" here, ${asks}: its proof failed when the worker started. ` +
    `The operator has to mend the worker host and start the worker again${without}. Nothing weaker takes its place.`
  );
}

export function renderUnverified(): string {
  return (
    'Nothing here says how to verify a change, and nothing unverified is ever pushed. ' +
    'Add `verify: { commands: ["…"] }` to `.github/gatepilot.yml` on the default branch (or a `test` script to `package.json`).'
  );
}

export function renderAbsent(what: string, absent: readonly string[], offered: readonly string[]): string {
  const list = (names: readonly string[]) => names.map((name) => quoteCode(name)).join(', ');
  return (
    `\`.github/gatepilot.yml\` names ${what} that are not offered here (${list(absent)}); there are: ` +
    `${list(offered)}. No other takes their place.`
  );
}
