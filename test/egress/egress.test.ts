// The egress proxy, asked over its real socket. Outside stands a TLS server; what names lead to is the test's.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NetworkPermit } from '../../src/core/network/network-permit.ts';
import type { EgressLimits } from '../../src/egress/egress-context.ts';
import { type RunningEgress, startEgress } from '../../src/egress/start-egress.ts';
import { until } from '../support/until.ts';
import { fetchBy, openTo, readAll, say } from './support/ask.ts';
import { type OutsideOptions, openOutside, publicAddress, type TestOutside } from './support/outside.ts';

const anything: NetworkPermit = { allow: ['*'], deny: [] };
const listed = ['registry.example.com', '*.files.example.com', 'moving.example.com'];

let folder: string;
let outside: TestOutside;
let egress: RunningEgress;

async function start(
  options: { permit?: NetworkPermit; limits?: Partial<EgressLimits> } & Partial<OutsideOptions> = {},
): Promise<void> {
  const names = {
    'registry.example.com': [publicAddress],
    'a.files.example.com': [publicAddress],
    'files.example.com': [publicAddress],
    'evil.example.org': [publicAddress],
    ...options.names,
  };
  outside = await openOutside({ ...options, names });
  egress = await startEgress({
    folder,
    outside,
    permit: options.permit ?? anything,
    ...(options.limits ? { limits: options.limits } : {}),
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gp-egress-'));
});
afterEach(async () => {
  await egress.stop();
  outside.stop();
  await rm(folder, { recursive: true, force: true });
});

const untilSo = (look: () => boolean | Promise<boolean>) => until(async () => (await look()) || undefined);
const toConnect = (target: string) => `CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`;
const fetchFrom = (socket: string, host: string, more = {}) => fetchBy(socket, host, { ca: outside.cert, ...more });

describe('what is on the list', () => {
  it('is reached by TLS, and told with what went there and came back', async () => {
    await start();
    const grant = await egress.grant(listed);
    expect(await fetchFrom(grant.socket, 'registry.example.com')).toContain('hello from registry.example.com');
    expect(await fetchFrom(grant.socket, 'a.files.example.com')).toContain('hello from a.files.example.com');
    expect(await fetchFrom(grant.socket, 'registry.example.com', { target: 'REGISTRY.Example.com:443' })).toContain(
      'hello',
    );
    const { reached, denied } = await grant.revoke();
    expect(denied).toEqual([]);
    expect(reached.map(({ host, connections }) => [host, connections])).toEqual([
      ['registry.example.com', 2],
      ['a.files.example.com', 1],
    ]);
    for (const { sentBytes, receivedBytes } of reached) {
      expect(sentBytes).toBeGreaterThan(200);
      expect(receivedBytes).toBeGreaterThan(200);
    }
  });

  it('is carried whole, both ways, when the hello comes with the request and in pieces', async () => {
    const size = 3_000_000;
    await start({
      onRequest: (request, response) => {
        let received = 0;
        request.on('data', (chunk: Buffer) => {
          received += chunk.length;
        });
        request.on('end', () => response.end(`${received} ${'x'.repeat(size)}`));
      },
    });
    const grant = await egress.grant(listed);
    const answer = await fetchFrom(grant.socket, 'registry.example.com', { body: Buffer.alloc(size) });
    expect(answer).toContain(`${size} xxx`);
    expect(answer.length).toBeGreaterThan(size);
  });

  it('is looked up once, and connected to at the address that was looked at', async () => {
    await start({ names: { 'moving.example.com': [publicAddress] } });
    const { resolve } = outside;
    // Whoever owns the name answers with another address every time.
    outside.resolve = async (host, signal) => {
      const answer = await resolve(host, signal);
      outside.names.set(host, ['127.0.0.1']);
      return answer;
    };
    const grant = await egress.grant(listed);
    expect(await fetchFrom(grant.socket, 'moving.example.com')).toContain('hello');
    expect([outside.resolved, outside.dialled]).toEqual([['moving.example.com'], [publicAddress]]);
    await expect(fetchFrom(grant.socket, 'moving.example.com')).rejects.toThrow('403');
    expect(outside.dialled).toEqual([publicAddress]);
  });

  it('is tried at its other addresses, and what does not answer is no denial', async () => {
    await start({ names: { 'moving.example.com': ['5.6.7.8', '10.0.0.1', publicAddress], 'x.files.example.com': [] } });
    const grant = await egress.grant(listed);
    expect(await fetchFrom(grant.socket, 'moving.example.com')).toContain('hello');
    // What is special is left out, also where others stand beside it.
    expect(outside.dialled).toEqual(['5.6.7.8', publicAddress]);
    await expect(openTo(grant.socket, 'x.files.example.com:443')).rejects.toThrow('502');
    expect((await grant.revoke()).denied).toEqual([]);
  });
});

describe('what is not on the list', () => {
  it.each([
    ['another host', 'evil.example.org:443', 'evil.example.org', 'not_listed'],
    ['the name above a star', 'files.example.com:443', 'files.example.com', 'not_listed'],
    ['a name that only ends like one', 'evilregistry.example.com:443', 'evilregistry.example.com', 'not_listed'],
    [
      'a name that goes on behind one',
      'registry.example.com.evil.example.org:443',
      'registry.example.com.evil.example.org',
      'not_listed',
    ],
    ['another port', 'registry.example.com:22', 'registry.example.com:22', 'port'],
    ['port 80', 'registry.example.com:80', 'registry.example.com:80', 'port'],
    ['an address', '1.2.3.4:443', '1.2.3.4', 'address'],
    ['an address of IPv6', '[2606:4700::1]:443', '[2606:4700::1]', 'address'],
    ['an address as a number', '16909060:443', '16909060', 'address'],
    ['an address in base 16', '0x01020304:443', '0x01020304', 'address'],
    ['this machine', 'localhost:443', 'localhost', 'not_listed'],
    ['a name with a dot behind it', 'registry.example.com.:443', 'registry.example.com.', 'unreadable'],
    ['a target without a port', 'registry.example.com', 'registry.example.com', 'unreadable'],
    ['a name with a user', 'x@registry.example.com:443', 'x@registry.example.com', 'unreadable'],
    ['a name with a second port', 'registry.example.com:443:443', 'registry.example.com:443', 'unreadable'],
  ])('is denied: %s', async (_title, target, shown, why) => {
    await start();
    const grant = await egress.grant(listed);
    expect(await say(grant.socket, toConnect(target))).toMatch(/^HTTP\/1\.1 403 /);
    await say(grant.socket, toConnect(target));
    expect(await grant.revoke()).toEqual({
      reached: [],
      otherReached: 0,
      denied: [{ host: shown, why, count: 2 }],
      otherDenied: 0,
    });
    expect([outside.resolved, outside.dialled]).toEqual([[], []]);
  });

  it('is told by its first names and counted beyond them, as text that cannot do anything', async () => {
    await start();
    const grant = await egress.grant(listed);
    for (let at = 0; at < 23; at += 1) await say(grant.socket, toConnect(`h${at}.example.org:443`));
    await say(grant.socket, toConnect('h0.example.org:443'));
    const { denied, otherDenied } = await grant.revoke();
    expect([denied.length, denied[0]?.count, otherDenied]).toEqual([20, 2, 3]);
    const other = await egress.grant(listed);
    await say(other.socket, toConnect(`${'x'.repeat(500)}é\u0001<b>@team\``));
    for (const { host } of (await other.revoke()).denied) expect(host).toMatch(/^[\x20-\x7e…]{1,261}$/);
  });

  it('is denied where the operator takes it away from a list, and a list beyond what is permitted is refused by name', async () => {
    const permit = { allow: ['*.example.com'], deny: ['b.files.example.com'] };
    await start({ permit, names: { 'b.files.example.com': [publicAddress] } });
    const grant = await egress.grant(['*.files.example.com']);
    expect(await fetchFrom(grant.socket, 'a.files.example.com')).toContain('hello');
    expect(await say(grant.socket, toConnect('b.files.example.com:443'))).toContain('403');
    await expect(egress.grant(['a.files.example.com', 'evil.example.org'])).rejects.toThrow('evil.example.org');
    await expect(egress.grant(['b.files.example.com'])).rejects.toThrow('b.files.example.com');
  });
});

describe('an address that is not of the public internet', () => {
  it.each([
    ...[
      '127.0.0.1',
      '127.255.1.2',
      '0.0.0.0',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
    ],
    ...['100.64.0.1', '100.100.100.200', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255', '168.63.129.16'],
    ...['::1', '::', '::ffff:127.0.0.1', '::ffff:1.2.3.4', '::1.2.3.4', '64:ff9b::102:304', '64:ff9b:1::1', 'fe80::1'],
    ...[
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '2001::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '3fff::1',
      '100::1',
      'fec0::1',
    ],
    ...['fe80::1%lo', 'not an address', ''],
  ])('is not connected to: %s', async (address) => {
    await start({ names: { 'moving.example.com': [address] } });
    const grant = await egress.grant(listed);
    await expect(openTo(grant.socket, 'moving.example.com:443')).rejects.toThrow('403');
    expect(outside.dialled).toEqual([]);
    expect((await grant.revoke()).denied).toEqual([{ host: 'moving.example.com', why: 'not_public', count: 1 }]);
  });

  it('is one of this machine itself as well', async () => {
    await start({ ownAddresses: [publicAddress] });
    const grant = await egress.grant(listed);
    await expect(openTo(grant.socket, 'registry.example.com:443')).rejects.toThrow('403');
    expect(outside.dialled).toEqual([]);
  });
});

describe('what TLS says', () => {
  it.each([
    ['another host', 'evil.example.org', 'evil.example.org'],
    ['another host of the list', 'a.files.example.com', 'a.files.example.com'],
    ['no host', '', 'registry.example.com'],
  ])('is compared with the host of the request: %s', async (_title, serverName, shown) => {
    await start();
    const grant = await egress.grant(listed);
    const answer = await fetchFrom(grant.socket, 'registry.example.com', { serverName }).catch(() => '');
    expect(answer).toBe('');
    const { reached, denied } = await grant.revoke();
    expect([reached, denied]).toEqual([[], [{ host: shown, why: 'server_name', count: 1 }]]);
  });

  it.each([
    ['a request in the clear', 'GET / HTTP/1.1\r\nhost: registry.example.com\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a hello that does not end', Buffer.concat([Buffer.of(22, 3, 1, 0x40, 0), Buffer.alloc(20)])],
  ])('has to be TLS: %s', async (_title, text) => {
    await start({ limits: { openMs: 400 } });
    const grant = await egress.grant(listed);
    const socket = await openTo(grant.socket, 'registry.example.com:443');
    socket.write(text);
    expect(await readAll(socket)).toBe('');
    const { reached, denied } = await grant.revoke();
    expect([reached, denied]).toEqual([[], [{ host: 'registry.example.com', why: 'not_tls', count: 1 }]]);
  });

  it('is refused at once where it comes in more records than any client needs', async () => {
    await start({ limits: { openMs: 3_600_000 } });
    const grant = await egress.grant(listed);
    const socket = await openTo(grant.socket, 'registry.example.com:443');
    for (const byte of [1, 0, 0x7d, 0, ...new Array<number>(13).fill(0)]) socket.write(Buffer.of(22, 3, 1, 0, 1, byte));
    expect(await readAll(socket)).toBe('');
    expect((await grant.revoke()).denied).toEqual([{ host: 'registry.example.com', why: 'not_tls', count: 1 }]);
  });

  it('comes before anything of the other side', async () => {
    await start({
      limits: { openMs: 300 },
      onConnection: (socket) => void socket.on('error', () => undefined).write('220 greeting\r\n'),
    });
    const grant = await egress.grant(listed);
    expect(await readAll(await openTo(grant.socket, 'registry.example.com:443'))).toBe('');
  });
});

describe('a request that is none', () => {
  it('is a request in the clear, of which the host is told', async () => {
    await start();
    const grant = await egress.grant(listed);
    const plain = 'GET http://registry.example.com/secret HTTP/1.1\r\nhost: other.example.org\r\n\r\n';
    expect(await say(grant.socket, plain)).toContain('use https');
    expect(
      await say(grant.socket, 'POST / HTTP/1.1\r\nhost: other.example.org\r\ncontent-length: 5\r\n\r\nhello'),
    ).toContain('403');
    expect((await grant.revoke()).denied.map(({ host, why }) => [host, why])).toEqual([
      ['registry.example.com', 'not_tls'],
      ['other.example.org', 'not_tls'],
    ]);
    expect(outside.resolved).toEqual([]);
  });

  it.each([
    ['line ends in its target', 'CONNECT registry.example.com:443\r\nx: y HTTP/1.1\r\n\r\n'],
    ['a bare line end', 'CONNECT registry.example.com:443\nhost: evil.example.org HTTP/1.1\r\n\r\n'],
    ['a NUL in its target', 'CONNECT registry.example.com\0.evil.example.org:443 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a huge header', `CONNECT registry.example.com:443 HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['thousands of headers', `CONNECT registry.example.com:443 HTTP/1.1\r\n${'a: b\r\n'.repeat(4_000)}\r\n`],
    ['no HTTP', '\x16\x03\x01\x00\x05hello'],
  ])('is cut: %s', async (_title, text) => {
    await start();
    const grant = await egress.grant(listed);
    expect(await say(grant.socket, text)).not.toContain('200 Connection');
    expect(outside.dialled).toEqual([]);
    expect((await grant.revoke()).denied).toHaveLength(1);
  });
});

describe('an attempt', () => {
  it('has its own list, by its socket', async () => {
    await start();
    const [one, other] = [await egress.grant(['registry.example.com']), await egress.grant(['a.files.example.com'])];
    expect(await fetchFrom(one.socket, 'registry.example.com')).toContain('hello');
    await expect(openTo(other.socket, 'registry.example.com:443')).rejects.toThrow('403');
    expect(await fetchFrom(other.socket, 'a.files.example.com')).toContain('hello');
    expect((await one.revoke()).denied).toEqual([]);
    // What the one did is nothing to the other, also when it is over.
    expect(await fetchFrom(other.socket, 'a.files.example.com')).toContain('hello');
    await expect(openTo(one.socket, 'registry.example.com:443')).rejects.toThrow();
  });

  it('has its connections cut when it ends, with both sides', async () => {
    await start({ onRequest: (_request, response) => void response.write('begun') });
    const grant = await egress.grant(listed);
    const pending = fetchFrom(grant.socket, 'registry.example.com');
    await untilSo(() => outside.countOpen() === 1);
    const waiting = await openTo(grant.socket, 'registry.example.com:443');
    const report = await grant.revoke();
    expect(report.reached).toHaveLength(1);
    await Promise.allSettled([pending, readAll(waiting)]);
    await untilSo(() => outside.countOpen() === 0);
    expect(await grant.revoke()).toEqual(report);
  });

  it('may send and receive so much in total, and no more', async () => {
    await start({
      limits: { sentBytes: 400_000, receivedBytes: 400_000 },
      onRequest: (request, response) => {
        request.resume();
        request.on('end', () => response.end(request.method === 'POST' ? 'taken' : 'x'.repeat(1_000_000)));
      },
    });
    const down = await egress.grant(listed);
    expect((await fetchFrom(down.socket, 'registry.example.com')).length).toBeLessThan(500_000);
    const up = await egress.grant(listed);
    const half = { body: Buffer.alloc(250_000) };
    expect(await fetchFrom(up.socket, 'registry.example.com', half)).toContain('taken');
    expect(await fetchFrom(up.socket, 'registry.example.com', half)).toBe('');
    for (const grant of [down, up])
      expect((await grant.revoke()).denied).toEqual([{ host: 'registry.example.com', why: 'limit', count: 1 }]);
  });

  it('may open so many connections at a time and make so many requests, and others are not concerned', async () => {
    await start({ limits: { connections: 3, requests: 8 } });
    const [grant, other] = [await egress.grant(listed), await egress.grant(listed)];
    const held: Socket[] = [];
    for (let at = 0; at < 3; at += 1) held.push(await openTo(grant.socket, 'registry.example.com:443'));
    expect(await say(grant.socket, toConnect('registry.example.com:443'))).toBe('');
    expect(await fetchFrom(other.socket, 'registry.example.com')).toContain('hello');
    for (const socket of held.slice(1)) socket.destroy();
    await untilSo(() => outside.countOpen() <= 1);
    while ((await say(grant.socket, toConnect('evil.example.org:443'))) !== '');
    // Nobody answers there any more; what is open goes on.
    await expect(once(connect(grant.socket), 'connect')).rejects.toThrow(/ECONNREFUSED|ENOENT/);
    expect(held[0]?.destroyed).toBe(false);
    const limits = (await grant.revoke()).denied.filter(({ why }) => why === 'limit');
    expect(limits).toEqual([
      { host: 'more connections at a time', why: 'limit', count: 1 },
      { host: 'more requests', why: 'limit', count: 1 },
    ]);
  });
});

describe('whoever is slow', () => {
  it('is cut: nothing, half a request, a byte now and then, no hello', async () => {
    await start({ limits: { openMs: 500 } });
    const grant = await egress.grant(listed);
    const open = async () => {
      const socket = connect(grant.socket);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    const [silent, half, dripping, late] = [await open(), await open(), await open(), await open()];
    half.write('CONNECT registry.example.com:443 HT');
    late.write(toConnect('registry.example.com:443'));
    const drip = setInterval(() => dripping.write('C'), 50);
    const cut = [silent, half, dripping, late].map((socket) => readAll(socket));
    await Promise.all(cut);
    clearInterval(drip);
    await untilSo(() => outside.countOpen() === 0);
  });

  it('is cut when nothing moves any more, whichever side is silent', async () => {
    await start({ limits: { idleMs: 300 }, onRequest: () => undefined });
    const grant = await egress.grant(listed);
    expect(await fetchFrom(grant.socket, 'registry.example.com')).toBe('');
    await untilSo(() => outside.countOpen() === 0);
  });

  it('does not hold a connection half open for ever', async () => {
    // It ends its side and never reads on.
    await start({
      limits: { idleMs: 300 },
      onConnection: (socket) => void socket.on('error', () => undefined).resume(),
    });
    const grant = await egress.grant(listed);
    const pending = fetchFrom(grant.socket, 'registry.example.com').catch(() => 'refused');
    await pending;
    const hello = await openTo(grant.socket, 'registry.example.com:443');
    hello.end();
    expect(await readAll(hello)).toBe('');
  });

  it('is cut where its name or its address never answers, and hears why', async () => {
    await start({ limits: { openMs: 300 } });
    outside.resolve = async (_host, signal) => {
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
      return [];
    };
    const grant = await egress.grant(listed);
    expect(await say(grant.socket, toConnect('registry.example.com:443'))).not.toContain('200');
  });
});
