// Guards of what is prepared for agents and verification, each taken away.
import type { Mutant } from './store-mutants.ts';

const place = 'test/engine/open-place.test.ts';
const layers = 'test/layer/create-layers.test.ts';

export const setupMutants: readonly Mutant[] = [
  {
    name: 'a layer is shared between branches',
    suite: place,
    file: 'src/engine/open-place.ts',
    text: 'repository.key, base.branch, steps',
    replacement: 'repository.key, steps',
  },
  {
    name: 'a layer outlives the files that it was made of',
    suite: place,
    file: 'src/engine/open-place.ts',
    text: 'steps, hosts, files, machine]',
    replacement: 'steps, hosts, machine]',
  },
  {
    name: 'a stop of a set-up is a failure',
    suite: place,
    file: 'src/engine/open-place.ts',
    text: 'if (request.signal.aborted) return undefined;',
    replacement: '',
  },
  {
    name: 'a machine that cannot set up what nobody asked for does nothing at all',
    suite: place,
    file: 'src/engine/open-place.ts',
    text: "plan.source !== 'detected' || ",
    replacement: '',
  },
  {
    name: 'each command of a set-up has the whole of its time',
    suite: 'test/engine/make-layer.test.ts',
    file: 'src/engine/make-layer.ts',
    text: "late.abort('wall');\n    kill();",
    replacement: '',
  },
  {
    name: 'a question to the machine that ran out of time is a no',
    suite: 'test/engine/make-layer.test.ts',
    file: 'src/engine/make-layer.ts',
    text: "if (report.exit.kind !== 'exited') throw new SetupFailed(report, []);",
    replacement: '',
  },
  {
    name: 'a link that a set-up leaves is mounted for its next command',
    suite: 'test/sandbox/bubblewrap/dependencies.test.ts',
    file: 'src/sandbox/bubblewrap/plan-launch.ts',
    text: "if (access === 'read-write') return seen;",
    replacement: '',
  },
  {
    name: 'agents may write what was prepared for all',
    suite: 'test/sandbox/bubblewrap/dependencies.test.ts',
    file: 'src/sandbox/bubblewrap/plan-launch.ts',
    text: 'target: inside.nodeModules, access }',
    replacement: "target: inside.nodeModules, access: 'read-write' }",
  },
  {
    name: 'what a set-up left that failed is a layer',
    suite: layers,
    file: 'src/layer/create-layers.ts',
    text: 'await make({ folder, workspace });',
    replacement: 'await make({ folder, workspace }).catch(() => undefined);',
  },
  {
    name: 'everybody makes the same layer',
    suite: layers,
    file: 'src/layer/lock.ts',
    text: 'if (await make(path)) return await hold(path);',
    replacement: 'await make(path);\n    return await hold(path);',
  },
  {
    name: 'a lock is kept by who could not clean up',
    suite: layers,
    file: 'src/layer/create-layers.ts',
    text: 'await removeTree(runTool, draft).finally(() => lock.release());',
    replacement: 'await removeTree(runTool, draft);\n        await lock.release();',
  },
  {
    name: 'layers in use make room for others',
    suite: layers,
    file: 'src/layer/create-layers.ts',
    text: ' || clock.now() - usedAt < inUseMs',
    replacement: '',
  },
];
