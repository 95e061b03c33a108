import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkRedis } from '../../../src/store/server/check-redis.ts';
import type { EmbeddedRedisTools } from '../../../src/store/server/ensure-serving.ts';
import { readMachineTools } from '../../prerequisite/machine-tools.ts';
import { ServerScene } from './server-scene.ts';

let tools: EmbeddedRedisTools;
let scene: ServerScene;
beforeAll(async () => {
  tools = (await readMachineTools('redis')).redis;
});
beforeEach(() => {
  scene = new ServerScene(tools);
});
afterEach(() => scene.end());

test('the embedded server passes every check', async () => {
  const client = scene.connect((await scene.start()).url);
  const findings = await checkRedis(client);
  expect(findings.map(({ check, verdict }) => `${check}: ${verdict}`)).toEqual([
    'version: pass',
    'eviction: pass',
    'persistence: pass',
    'fsync: pass',
  ]);
});

test('each weak setting of a real server is named with its mend', async () => {
  const client = scene.connect((await scene.start()).url);
  await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await client.config('SET', 'appendfsync', 'everysec');
  expect(await findFaults(client)).toEqual(['eviction: fail', 'fsync: warn']);
  await client.config('SET', 'appendonly', 'no');
  expect(await findFaults(client)).toEqual(['eviction: fail', 'persistence: fail']);
});

test('a server that forbids CONFIG is not called safe', async () => {
  const client = scene.connect((await scene.start()).url);
  const hosted = { info: () => client.info(), config: () => Promise.reject(new Error('ERR unknown command')) };
  expect(await findFaults(hosted)).toEqual(['fsync: warn']);
});

test.each([
  ['redis_version:5.0.14\r\nrole:master\r\n', 'version: fail'],
  ['redis_version:7.0.15\r\nrole:slave\r\n', 'replication: fail'],
  ['redis_version:7.0.15\r\nrole:master\r\nconnected_slaves:2\r\n', 'replication: warn'],
])('%j: %s', async (info, fault) => {
  const safe = 'maxmemory_policy:noeviction\r\naof_enabled:1\r\naof_last_write_status:ok\r\n';
  const informant = { info: async () => info + safe, config: async () => ['appendfsync', 'always'] };
  expect(await findFaults(informant)).toEqual([fault]);
});

async function findFaults(redis: Parameters<typeof checkRedis>[0]): Promise<string[]> {
  const findings = await checkRedis(redis);
  const faults = findings.filter(({ verdict }) => verdict !== 'pass');
  expect(faults.every(({ mend }) => mend !== undefined)).toBe(true);
  return faults.map(({ check, verdict }) => `${check}: ${verdict}`);
}
