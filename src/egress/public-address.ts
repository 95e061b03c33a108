// Which addresses are of the public internet. What a name leads to is judged by this and not by its name: whoever owns a
// name decides what it leads to, and behind special addresses are this machine, its network and the metadata of its cloud.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const special = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // The host of a virtual machine in Azure, at an address that looks like any other.
  ['168.63.129.16', 32],
] as const)
  special.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  // Protocol assignments, with tunnels such as Teredo.
  ['2001::', 23],
  ['2001:db8::', 32],
  // An address of IPv4 within.
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, bits, 'ipv6');

/** All that is public of IPv6 lies in it: loopback, mapped and translated addresses (NAT64), local and multicast ones do not. */
const unicast = new BlockList();
unicast.addSubnet('2000::', 3, 'ipv6');

export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4');
  // With a zone it is of one link.
  if (!isIPv6(address) || address.includes('%')) return false;
  return unicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
