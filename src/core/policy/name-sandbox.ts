// Which of the offered sandboxes the settings ask for. Each image that the operator lets repositories name is offered as a
// sandbox of its own, so that it is tried, proved and recorded like any other.
import type { Policy } from './policy.ts';

const prefix = 'oci:';

export function nameImageSandbox(image: string): string {
  return `${prefix}${image}`;
}

/** Undefined for whatever is no image's. */
export function parseImageSandbox(name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** `usual`: what the operator's sandbox is where the settings name none. */
export function nameSandbox({ sandbox, setup }: Policy, usual: string | undefined): string | undefined {
  if (setup.image !== undefined) return nameImageSandbox(setup.image);
  return sandbox.provider === 'auto' ? usual : sandbox.provider;
}
