// What is wrong with a spec whatever the host can do. A spec that makes no sense is a bug of its author, so these are
// plain errors; what the host cannot give is refused elsewhere.
import { posix } from 'node:path';
import type { SandboxSpec } from '../../engine/port/sandbox.ts';
import { listDoors } from './doors.ts';
import { inside } from './inside.ts';

/** Places that the sandbox itself makes. In the workspace a hostile link could lead a mount astray. */
const ownPlaces = ['/proc', '/dev', '/run/gatepilot', inside.workspace, inside.dependencies, inside.nodeModules];

/** The first port that needs no privilege. */
const firstPort = 1_024;

export function checkSpec(spec: SandboxSpec): void {
  for (const [name, value] of Object.entries(spec.limits)) {
    if (!Number.isSafeInteger(value) || value <= 0)
      throw new Error(`the limit ${name} of a sandbox is not a positive whole number`);
  }
  for (const { source, target } of spec.readOnly) {
    if (!posix.isAbsolute(source)) throw new Error(`the mount source ${source} is not absolute`);
    if (!posix.isAbsolute(target) || posix.normalize(target) !== target || target === '/') {
      throw new Error(`the mount target ${target} is not a plain absolute path`);
    }
    const place = ownPlaces.find((own) => target === own || target.startsWith(`${own}/`));
    if (place) throw new Error(`the mount target ${target} is within ${place}, which belongs to the sandbox`);
  }
  checkEnvironment(spec.env);
  const ports = listDoors(spec.network).map(({ port }) => port);
  for (const port of ports) checkPort(port);
  if (new Set(ports).size < ports.length) throw new Error(`two doors of a sandbox have the port ${ports[0]}`);
}

function checkEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(env)) {
    if (name === '' || name.includes('=')) throw new Error(`"${name}" cannot be the name of a variable`);
  }
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < firstPort || port > 65_535) {
    throw new Error(`the port ${port} of a door is not between ${firstPort} and 65535`);
  }
}
