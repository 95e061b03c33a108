// What lock files ask for, by the package managers themselves: dependencies are set up with the hosts of the table and nothing
// else, and tests that need them pass in a sandbox without network. Registries of the test stand for those of the internet.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { detectSetup } from '../../src/core/setup/detect-setup.ts';
import { projects } from '../toolchain/projects.ts';
import { answers } from '../toolchain/registries.ts';
import { openWorkshop, type Workshop } from '../toolchain/workshop.ts';

const hosts = detectSetup(['yarn.lock', 'requirements.txt', 'go.sum', 'Cargo.lock'])?.hosts ?? [];
let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop(hosts, (request, response) => {
    const address = `${request.headers.host}${request.url}`;
    const answer = answers.get(address);
    if (answer === undefined) response.writeHead(404).end('there is no such thing');
    else
      response.setHeader('content-type', address.endsWith('/') ? 'text/html' : 'application/octet-stream').end(answer);
  });
});
afterAll(() => workshop.close());

it.each(projects)('$name: what its lock file names is there for tests that reach nothing', async (project) => {
  const { name, brought = [], probe } = project;
  if (!(await workshop.has(brought, probe))) {
    process.stderr.write(`NOT TESTED HERE: ${name} is not on this machine: see test/toolchain/bring-toolchains.sh\n`);
    return;
  }
  const { place, report } = await workshop.play({ toolchain: brought[0], ...project.make(workshop.cert) });
  expect(place.setup).toMatchObject({ source: 'detected', layer: expect.anything() });
  expect(place.setup?.why).toBeUndefined();
  expect(report.commands.map(({ command, exit, output }) => ({ command, exit, output }))).toEqual(
    report.commands.map(({ command }) => ({ command, exit: { kind: 'exited', code: 0 }, output: expect.anything() })),
  );
  expect(report.commands).toHaveLength(project.make(workshop.cert).verify.length);
});
