// Judges whether a server keeps what it acknowledges, from what it says about itself. For a doctor: it changes nothing.
export interface RedisFinding {
  readonly check: 'version' | 'eviction' | 'persistence' | 'fsync' | 'replication';
  readonly verdict: 'pass' | 'warn' | 'fail';
  /** One sentence without full stop. */
  readonly what: string;
  /** Present unless the verdict is `pass`. */
  readonly mend?: string;
}

/** The part of a client that is needed; an ioredis client is one. */
export interface RedisInformant {
  info(): Promise<string>;
  /** Answers `['appendfsync', 'always']`; rejects where a hosted server forbids CONFIG. */
  config(subcommand: 'GET', name: string): Promise<unknown>;
}

const minimumVersion = [6, 2] as const;

export async function checkRedis(redis: RedisInformant): Promise<RedisFinding[]> {
  const fields = parseInfo(await redis.info());
  const fsync = await redis.config('GET', 'appendfsync').then(readConfigValue, () => undefined);
  return [checkVersion(fields), checkEviction(fields), ...checkPersistence(fields, fsync), ...checkReplication(fields)];
}

type Fields = ReadonlyMap<string, string>;

function parseInfo(info: string): Fields {
  const pairs = [...info.matchAll(/^([a-z0-9_]+):(.*?)\r?$/gm)];
  return new Map(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']));
}

/** RESP2 answers with a list, RESP3 with a map. */
function readConfigValue(reply: unknown): string | undefined {
  const value = Array.isArray(reply) ? reply[1] : Object.values(Object(reply))[0];
  return typeof value === 'string' ? value : undefined;
}

function checkVersion(fields: Fields): RedisFinding {
  const version = fields.get('redis_version') ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > minimumVersion[0] || (major === minimumVersion[0] && minor >= minimumVersion[1]);
  const what = `the server speaks Redis ${version}`;
  if (isEnough) return { check: 'version', verdict: 'pass', what };
  return { check: 'version', verdict: 'fail', what, mend: 'Use Redis 6.2 or newer, or Valkey.' };
}

function checkEviction(fields: Fields): RedisFinding {
  const policy = fields.get('maxmemory_policy') ?? 'unknown';
  const what = `the memory policy is ${policy}`;
  if (policy === 'noeviction') return { check: 'eviction', verdict: 'pass', what };
  const mend = 'Set "maxmemory-policy noeviction": any other policy drops records and jobs when memory is short.';
  return { check: 'eviction', verdict: 'fail', what, mend };
}

function checkPersistence(fields: Fields, fsync: string | undefined): RedisFinding[] {
  if (fields.get('aof_enabled') !== '1') {
    const mend = 'Set "appendonly yes" and "appendfsync always".';
    return [{ check: 'persistence', verdict: 'fail', what: 'there is no append-only file', mend }];
  }
  const status = fields.get('aof_last_write_status') ?? 'unknown';
  const persistence: RedisFinding =
    status === 'ok'
      ? { check: 'persistence', verdict: 'pass', what: 'every write goes to the append-only file' }
      : {
          check: 'persistence',
          verdict: 'fail',
          what: `the last write to the append-only file ended with "${status}"`,
          mend: "Look at the server's disk and log.",
        };
  return [persistence, checkFsync(fsync)];
}

function checkFsync(fsync: string | undefined): RedisFinding {
  const mend = 'Set "appendfsync always": anything else loses acknowledged work when the power fails.';
  if (fsync === 'always')
    return { check: 'fsync', verdict: 'pass', what: 'a write is on disk before it is acknowledged' };
  if (fsync === undefined)
    return { check: 'fsync', verdict: 'warn', what: 'the server does not tell appendfsync', mend };
  return { check: 'fsync', verdict: 'warn', what: `appendfsync is ${fsync}`, mend };
}

/** Only where there are replicas: a promoted replica that lags has lost what the primary acknowledged. */
function checkReplication(fields: Fields): RedisFinding[] {
  const role = fields.get('role');
  if (role !== 'master') {
    const mend = 'Name the primary, or let Sentinel name it.';
    return [{ check: 'replication', verdict: 'fail', what: `the server is a ${role ?? 'unknown'}`, mend }];
  }
  const replicas = Number(fields.get('connected_slaves') ?? 0);
  if (replicas === 0 || fields.has('min_slaves_good_slaves')) return [];
  const mend = 'Set "min-replicas-to-write 1".';
  const what = `${replicas} replicas, and writes are acknowledged while none of them is in step`;
  return [{ check: 'replication', verdict: 'warn', what, mend }];
}
