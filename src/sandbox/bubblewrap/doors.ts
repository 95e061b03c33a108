import type { Door, SandboxSpec } from '../../engine/port/sandbox.ts';
import { inside } from './inside.ts';

/** A socket of the host, where it is inside, and the port there that leads to it. */
export interface PlacedDoor extends Door {
  readonly target: string;
}

export function findGatewayPort(doors: readonly PlacedDoor[]): number | undefined {
  return doors.find(({ target }) => target === inside.gateway)?.port;
}

/** The ways out of a sandbox; there are no others. */
export function listDoors(network: SandboxSpec['network']): readonly PlacedDoor[] {
  switch (network.mode) {
    case 'deny':
      return [];
    case 'gateway':
      return [{ socket: network.socket, port: network.port, target: inside.gateway }];
    case 'allowlist':
      return [
        ...(network.gateway ? [{ ...network.gateway, target: inside.gateway }] : []),
        { ...network.proxy, target: inside.proxy },
      ];
  }
}
