import { expect, test } from 'vitest';
import { parseDistribution, renderInstallMend } from '../../src/prerequisite/distribution.ts';
import { decideUnsupported } from '../../src/prerequisite/unsupported.ts';

test.each([
  ['ID=debian\nVERSION_ID="12"', 'debian'],
  ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"', 'debian'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"', 'fedora'],
  ['ID=endeavouros\nID_LIKE=arch', 'arch'],
  ['ID=alpine', 'alpine'],
  ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', 'suse'],
  ['ID=nixos', 'unknown'],
  ['', 'unknown'],
])('%j is %s', (osRelease, distribution) => {
  expect(parseDistribution(osRelease)).toBe(distribution);
});

test('the mend is one command that can be copied', () => {
  const mends = (['debian', 'fedora', 'arch', 'alpine', 'suse', 'macos', 'unknown'] as const).map((distribution) =>
    renderInstallMend({ distribution, program: 'git', isRoot: false }),
  );
  expect(mends).toMatchInlineSnapshot(`
    [
      "Run "sudo apt-get update && sudo apt-get install -y git".",
      "Run "sudo dnf install -y git".",
      "Run "sudo pacman -S --noconfirm git".",
      "Run "sudo apk add git".",
      "Run "sudo zypper install -y git".",
      "Run "brew install git".",
      "Install git with this machine's package manager.",
    ]
  `);
  expect(renderInstallMend({ distribution: 'fedora', program: 'redis-server', isRoot: true })).toMatchInlineSnapshot(
    `"Run "dnf install -y valkey", or set REDIS_URL to a Redis or Valkey server of yours."`,
  );
});

test('what only Linux has is said for each need', () => {
  expect(decideUnsupported('linux', ['git', 'redis', 'bubblewrap'])).toEqual([]);
  expect(decideUnsupported('darwin', ['git'])).toEqual([]);
  expect(decideUnsupported('darwin', ['git', 'redis', 'bubblewrap'])).toMatchInlineSnapshot(`
    [
      {
        "mend": "Run this in a Linux virtual machine (on Windows: WSL 2), or run the workers on a Linux host.",
        "what": "The sandbox for agents needs Linux, and this is macOS.",
      },
      {
        "mend": "Start a Redis or Valkey server yourself and set REDIS_URL.",
        "what": "The built-in Redis needs Linux, and this is macOS.",
      },
    ]
  `);
});
