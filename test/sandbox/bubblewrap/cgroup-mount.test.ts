import { describe, expect, it } from 'vitest';
import { parseCgroupMounts } from '../../../src/sandbox/bubblewrap/limit/cgroup-mount.ts';

describe('the control groups of a process', () => {
  it('are found where both versions are mounted', () => {
    const mounts = [
      '23 1 253:0 / / rw,relatime - ext4 /dev/vda rw',
      '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
      '33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct',
      '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    ];
    const memberships = ['4:memory:/work/job', '2:cpu,cpuacct:/', '0::/work'];
    expect(parseCgroupMounts(mounts.join('\n'), memberships.join('\n'))).toEqual([
      { version: 1, controllers: ['memory'], ownFolder: '/sys/fs/cgroup/memory/work/job' },
      { version: 1, controllers: ['cpu', 'cpuacct'], ownFolder: '/sys/fs/cgroup/cpu,cpuacct' },
      { version: 2, controllers: [], ownFolder: '/sys/fs/cgroup/unified/work' },
    ]);
  });

  it('are found under systemd, with optional fields in the mount', () => {
    const mounts = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';
    const memberships = '0::/user.slice/user-1000.slice/user@1000.service/app.slice/gatepilot.scope';
    expect(parseCgroupMounts(mounts, memberships)[0]?.ownFolder).toBe(
      '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/gatepilot.scope',
    );
  });

  it('are found in a container that sees only its own part', () => {
    const mounts = '35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory';
    expect(parseCgroupMounts(mounts, '4:memory:/docker/abc')[0]?.ownFolder).toBe('/sys/fs/cgroup/memory');
    expect(parseCgroupMounts(mounts, '4:memory:/docker/abc/part')[0]?.ownFolder).toBe('/sys/fs/cgroup/memory/part');
  });

  it('are none where there are none', () => {
    expect(parseCgroupMounts('', '')).toEqual([]);
  });
});
