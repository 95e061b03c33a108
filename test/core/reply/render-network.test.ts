// What agents reached and were denied, as the comment and the check tell it.
import { expect, it } from 'vitest';
import { addNetwork, hostsAtMost, type NetworkReport, nothingReached } from '../../../src/core/model/network-report.ts';
import type { StepReport } from '../../../src/core/model/step-report.ts';
import { renderNetwork } from '../../../src/core/reply/render-network.ts';
import { report as verifyReport } from '../run/outcome.ts';
import { working } from './reply-world.ts';

function render(...networks: (NetworkReport | undefined)[]): string {
  const { run } = working();
  const [task] = run.tasks;
  const [attempt] = task?.attempts ?? [];
  if (!task || !attempt) throw new Error('there are tasks, and one was tried');
  const steps = networks.map((network, at): StepReport => {
    const report = { id: `s${at}`, role: 'coder', access: 'write', state: 'done', seconds: 1 } as const;
    return network ? { ...report, network } : report;
  });
  return renderNetwork({ ...run, tasks: [{ ...task, attempts: [{ ...attempt, steps }] }] });
}

const reached = (host: string, connections = 1) => ({ host, connections, sentBytes: 1_500, receivedBytes: 3_000_000 });

it('is nothing where no agent had any network', () => {
  expect(render(undefined)).toBe('');
});

it('names what was reached and what was denied, each once over all steps, and what no list gives', () => {
  const one = { ...nothingReached, reached: [reached('a.com', 2)], withheld: ['c.com'] };
  const denied = [{ host: 'evil.org:22', why: 'port', count: 1 } as const];
  const other = { ...nothingReached, reached: [reached('a.com')], denied };
  expect(render(one, undefined, other, other)).toBe(`<details><summary>Network: 1 host reached, 2 denied</summary>

| reached | connections | sent | received |
| --- | ---: | ---: | ---: |
| \`a.com\` | 4 | 5 KiB | 8.6 MiB |

Denied:

- \`evil.org:22\`: another port than 443, 2 times

Files of agents ask for hosts that \`sandbox.network\` does not give: \`c.com\`.

</details>`);
});

it('names so many hosts and counts the others', () => {
  const many = Array.from({ length: hostsAtMost + 5 }, (_, at) => `h${at}.com`);
  const report = addNetwork(nothingReached, {
    reached: many.map((host) => reached(host)),
    otherReached: 2,
    denied: many.map((host) => ({ host, why: 'not_listed', count: 2 })),
    otherDenied: 3,
  });
  expect([report.reached.length, report.otherReached]).toEqual([hostsAtMost, 7]);
  expect([report.denied.length, report.otherDenied]).toEqual([hostsAtMost, 13]);
  const text = render(report);
  expect(text).toContain('20 and more hosts reached, 53 denied');
  expect(text).toContain('7 connections went to hosts beyond these');
  expect(text).toContain('- 13 more, of other hosts');
});

it('tells the set-up of dependencies by itself', () => {
  const { run } = working();
  const denied = [{ host: 'cdn.example', why: 'not_listed', count: 1 } as const];
  const network = { ...nothingReached, reached: [reached('registry.npmjs.org')], denied };
  const setup = { source: 'detected' as const, commands: ['npm ci'], layer: 'abc', network };
  const told = renderNetwork({ ...run, setup });
  expect(told).toContain('Network: 0 hosts reached, 0 denied; set-up: 1 host reached, 1 denied');
  expect(told).toMatch(
    /When dependencies were set up \(layer `abc`\):[\s\S]*registry\.npmjs\.org[\s\S]*- `cdn\.example`: not on/,
  );
  const { network: _, ...silent } = setup;
  expect(renderNetwork({ ...run, setup: silent })).toBe('');
});

it('says what commands asked for that reach nothing, each once by the command that asked', () => {
  const { run } = working();
  const [task] = run.tasks;
  if (!task) throw new Error('there are tasks');
  const denied = [{ host: 'telemetry.example', why: 'not_listed', count: 2 } as const];
  const { commands } = verifyReport('tree', 1);
  const failures = commands.map((command) => ({ ...command, denied }));
  const attempts = task.attempts.map((attempt) => ({ ...attempt, cause: { kind: 'verify_red', failures } as const }));
  const told = renderNetwork({ ...run, tasks: [{ ...task, attempts: [...attempts, ...attempts] }] });
  expect(told).toContain('Network: 0 hosts reached, 0 denied, 1 asked for by commands and denied');
  expect(told).toContain(
    'Commands reach nothing, and these asked:\n\n- `telemetry.example` by `npm test`: not on the list',
  );
});
