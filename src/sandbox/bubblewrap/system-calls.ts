// Numbers of the system calls that the filter names, per processor. A call without a number does not exist there.

export interface SystemCalls {
  /** As the kernel's audit interface calls the processor. */
  readonly processor: number;
  /** Calls from here on belong to a second interface of the same processor (x32). */
  readonly foreignFrom?: number;
  readonly denied: Readonly<Record<string, number>>;
  /** What keeps memory that no process has mapped and no file system shows. */
  readonly unseen: Readonly<Record<string, number>>;
  /** The same, with a size that the call tells. */
  readonly shmget: number;
  readonly clone: number;
  readonly clone3: number;
  readonly ioctl: number;
  readonly socket: number;
}

/** The same on every processor: the kernel numbers new calls alike since 2019. */
const deniedEverywhere = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  pidfd_getfd: 438,
  mount_setattr: 442,
  quotactl_fd: 443,
};

const unseenEverywhere = { memfd_secret: 447 };

const x64: SystemCalls = {
  processor: 0xc000003e,
  foreignFrom: 0x40000000,
  clone: 56,
  clone3: 435,
  ioctl: 16,
  socket: 41,
  shmget: 29,
  unseen: { ...unseenEverywhere, msgget: 68, memfd_create: 319 },
  denied: {
    ...deniedEverywhere,
    ptrace: 101,
    syslog: 103,
    uselib: 134,
    personality: 135,
    ustat: 136,
    sysfs: 139,
    vhangup: 153,
    modify_ldt: 154,
    pivot_root: 155,
    adjtimex: 159,
    chroot: 161,
    acct: 163,
    settimeofday: 164,
    mount: 165,
    umount2: 166,
    swapon: 167,
    swapoff: 168,
    reboot: 169,
    sethostname: 170,
    setdomainname: 171,
    iopl: 172,
    ioperm: 173,
    init_module: 175,
    delete_module: 176,
    quotactl: 179,
    nfsservctl: 180,
    lookup_dcookie: 212,
    clock_settime: 227,
    kexec_load: 246,
    add_key: 248,
    request_key: 249,
    keyctl: 250,
    migrate_pages: 256,
    unshare: 272,
    move_pages: 279,
    perf_event_open: 298,
    fanotify_init: 300,
    name_to_handle_at: 303,
    open_by_handle_at: 304,
    clock_adjtime: 305,
    setns: 308,
    process_vm_readv: 310,
    process_vm_writev: 311,
    kcmp: 312,
    finit_module: 313,
    kexec_file_load: 320,
    bpf: 321,
    userfaultfd: 323,
  },
};

const arm64: SystemCalls = {
  processor: 0xc00000b7,
  clone: 220,
  clone3: 435,
  ioctl: 29,
  socket: 198,
  shmget: 194,
  unseen: { ...unseenEverywhere, msgget: 186, memfd_create: 279 },
  denied: {
    ...deniedEverywhere,
    lookup_dcookie: 18,
    umount2: 39,
    mount: 40,
    pivot_root: 41,
    nfsservctl: 42,
    chroot: 51,
    vhangup: 58,
    quotactl: 60,
    acct: 89,
    personality: 92,
    unshare: 97,
    kexec_load: 104,
    init_module: 105,
    delete_module: 106,
    clock_settime: 112,
    syslog: 116,
    ptrace: 117,
    reboot: 142,
    sethostname: 161,
    setdomainname: 162,
    settimeofday: 170,
    adjtimex: 171,
    add_key: 217,
    request_key: 218,
    keyctl: 219,
    swapon: 224,
    swapoff: 225,
    migrate_pages: 238,
    move_pages: 239,
    perf_event_open: 241,
    fanotify_init: 262,
    name_to_handle_at: 264,
    open_by_handle_at: 265,
    clock_adjtime: 266,
    setns: 268,
    process_vm_readv: 270,
    process_vm_writev: 271,
    kcmp: 272,
    finit_module: 273,
    bpf: 280,
    userfaultfd: 282,
    kexec_file_load: 294,
  },
};

/** Keyed by Node's names of processors. */
export const systemCalls: Readonly<Partial<Record<string, SystemCalls>>> = { x64, arm64 };
