// Two ways out of a sandbox, the model gateway's and a proxy's that holds a list: real programs inside, the real proxy, and
// a TLS server that stands for the internet.
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningEgress, startEgress } from '../../../src/egress/start-egress.ts';
import { renderProxyEnvironment } from '../../../src/engine/render-proxy-environment.ts';
import { openOutside, publicAddress, type TestOutside } from '../../egress/support/outside.ts';
import { subjects } from '../support/provided.ts';
import { openStarter, type Starter } from '../support/starter.ts';

const gatewayPort = 4_000;
const proxyPort = 3_128;
const env = { ...renderProxyEnvironment(proxyPort), NODE_EXTRA_CA_CERTS: '/workspace/ca.pem' };

describe.each(subjects)('the list of a sandbox of $title', (subject) => {
  let starter: Starter;
  let outside: TestOutside;
  let egress: RunningEgress;
  let gateway: { readonly socket: string; readonly port: number };
  const servers: Server[] = [];
  beforeAll(async () => {
    starter = await openStarter(subject);
    const names = { 'registry.example.com': [publicAddress], 'evil.example.org': [publicAddress] };
    outside = await openOutside({ names });
    egress = await startEgress({
      folder: await starter.makeFolder('egress'),
      outside,
      permit: { allow: ['*'], deny: [] },
    });
    const folder = await starter.makeFolder('gateway');
    gateway = { socket: join(folder, 'own.sock'), port: gatewayPort };
    const server = createServer((_request, response) => void response.end('the model')).listen(gateway.socket);
    await once(server, 'listening');
    await chmod(gateway.socket, 0o666);
    servers.push(server);
    await writeFile(join(starter.workspace, 'ca.pem'), outside.cert);
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await egress.stop();
    outside.stop();
    await starter.close();
  });

  const evaluate = async (script: string, domains = ['registry.example.com']) => {
    const grant = await egress.grant(domains);
    const { stdout, stderr } = await starter.inside(['node', '--input-type=module', '-e', script], {
      env,
      network: { mode: 'allowlist', gateway, proxy: { socket: grant.socket, port: proxyPort } },
    });
    return { said: stdout.trim(), stderr, report: await grant.revoke() };
  };
  const attempt = `const attempt = (url) => fetch(url).then((answer) => answer.text(), (error) => String(error.cause?.code ?? error.cause ?? error));`;

  it('is declared, since it was proved', async () => {
    const { capabilities } = await starter.order({ kind: 'capabilities' });
    expect(capabilities?.network).toEqual(['deny', 'gateway', 'allowlist']);
  });

  it('lets a program reach what it names, beside the model gateway', async () => {
    const { said, report } = await evaluate(`${attempt}
      console.log(await attempt("https://registry.example.com/"), await attempt("http://127.0.0.1:${gatewayPort}/"));`);
    expect(said).toBe('hello from registry.example.com\n the model');
    expect(report.reached).toMatchObject([{ host: 'registry.example.com', connections: 1 }]);
    expect(report.denied).toEqual([]);
  });

  it('lets it reach nothing else, and tells what was tried', async () => {
    const { said, report } = await evaluate(`${attempt}
      import { connect } from "node:net";
      const dial = (...where) => new Promise((resolve) => {
        const socket = connect(...where, () => resolve("connected"));
        socket.on("error", (error) => resolve(error.code));
      });
      console.log(/hello/.test(await attempt("https://evil.example.org/")));
      console.log(await dial(443, "${publicAddress}"), await dial(443, "registry.example.com"), await dial(${proxyPort + 1}, "127.0.0.1"));`);
    // There is no way there: each kernel has its own word for it.
    expect(said).toMatch(/^false\nE(NET|HOST)UNREACH ENOTFOUND ECONNREFUSED$/);
    expect(report.reached).toEqual([]);
    expect(report.denied).toEqual([{ host: 'evil.example.org', why: 'not_listed', count: 1 }]);
  });

  it('is that of its own socket, also when two are at work', async () => {
    const ask = `${attempt} console.log(/hello/.test(await attempt("https://registry.example.com/")), /hello/.test(await attempt("https://evil.example.org/")))`;
    const both = await Promise.all([evaluate(ask), evaluate(ask, ['evil.example.org'])]);
    expect(both.map(({ said }) => said)).toEqual(['true false', 'false true']);
  });

  it('needs no gateway', async () => {
    const grant = await egress.grant(['registry.example.com']);
    const { stdout } = await starter.inside(
      ['node', '-e', `${attempt} attempt("https://registry.example.com/").then(console.log)`],
      { env, network: { mode: 'allowlist', proxy: { socket: grant.socket, port: proxyPort } } },
    );
    expect(stdout).toBe('hello from registry.example.com\n\n');
    await grant.revoke();
  });
});
