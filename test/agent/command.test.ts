import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createCommandDriver } from '../../src/agent/command/command-driver.ts';
import type { AgentSpec } from '../../src/engine/port/agent.ts';
import { play, type Stage, setStage } from './agent-stage.ts';

let stage: Stage | undefined;

afterEach(async () => {
  await stage?.stop();
});

async function start(script: string, spec: Partial<AgentSpec> = {}) {
  stage = await setStage({ attempts: [] });
  const promptFile = join(stage.home, 'prompt.md');
  const driver = createCommandDriver({ name: 'sh', argv: ['sh', '-c', script], env: { EXTRA: 'yes' }, promptFile });
  return { ...(await stage.startLocally(driver, spec)), workspace: stage.workspace };
}

it('gives the prompt on stdin and in a file, and takes what is printed for its text', async () => {
  const { session, workspace } = await start('cat > a; cp "$GATEPILOT_PROMPT_FILE" b; echo done; echo noise >&2');
  const prompt = `Line one\n${'x'.repeat(200_000)}\n`;
  const { result, events } = await play(session, prompt);
  expect(result).toEqual({ kind: 'done', text: 'done\n' });
  expect(events).toEqual([{ kind: 'text', text: 'done\n' }]);
  expect([readFileSync(join(workspace, 'a'), 'utf8'), readFileSync(join(workspace, 'b'), 'utf8')]).toEqual([
    prompt,
    prompt,
  ]);
});

it('does not mind a command that reads nothing', async () => {
  const { session } = await start('true');
  expect((await play(session, 'x'.repeat(1_000_000))).result).toEqual({ kind: 'done', text: '' });
});

it('keeps the prompt for itself, and leaves the mode of what the command makes alone', async () => {
  const { session } = await start('touch made; stat -c %a made "$GATEPILOT_PROMPT_FILE"');
  const usual = (0o666 & ~process.umask()).toString(8);
  expect((await play(session, 'go')).result.text).toBe(`${usual}\n600\n`);
});

it('tells the command how to reach a model, and nothing of this process', async () => {
  const { session } = await start('env');
  const { text } = (await play(session, 'go')).result;
  expect(text.match(/^[A-Z_]+(?==)/gm)?.sort()).toEqual([
    'EXTRA',
    'GATEPILOT_MODEL_NAME',
    'GATEPILOT_MODEL_PROVIDER',
    'GATEPILOT_MODEL_TOKEN',
    'GATEPILOT_MODEL_URL',
    'GATEPILOT_PROMPT_FILE',
    'HOME',
    'PATH',
    'PWD',
    'TMPDIR',
  ]);
});

it('fails on any other exit code, with the end of what was complained about', async () => {
  const { session } = await start('echo partial; echo "cannot do it" >&2; exit 3');
  expect((await play(session, 'go')).result).toEqual({
    kind: 'failed',
    fault: 'crash',
    message: 'the command exited with 3: cannot do it',
    retryable: false,
    text: 'partial\n',
  });
});

it('fails when the command does not exist', async () => {
  stage = await setStage({ attempts: [] });
  const driver = createCommandDriver({ name: 'none', argv: ['no-such-command'], promptFile: join(stage.home, 'p') });
  const { session } = await stage.startLocally(driver);
  expect((await play(session, 'go')).result).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('no-such-command: not found'),
  });
});

it('ends a silent command as idle and a busy one at the limit of its turn', async () => {
  const silent = await start('sleep 600', { idleMs: 200 });
  expect((await play(silent.session, 'go')).result).toMatchObject({ kind: 'failed', fault: 'idle', retryable: true });
  await stage?.stop();
  const busy = await start('while :; do echo x; sleep 0.05; done', { idleMs: 10_000, turnMs: 400 });
  expect((await play(busy.session, 'go')).result).toMatchObject({ kind: 'failed', fault: 'timeout' });
});

it('cancel ends the command with what it started', async () => {
  const { session, workspace } = await start('sleep 600 & echo $! > pid; echo up; wait');
  const up = Promise.withResolvers<void>();
  const playing = session.prompt('go', () => up.resolve());
  await up.promise;
  const pid = Number(readFileSync(join(workspace, 'pid'), 'utf8'));
  await session.cancel();
  expect(await playing).toEqual({ kind: 'stopped_early', reason: 'cancelled', text: 'up\n' });
  await expect.poll(() => isGone(pid)).toBe(true);
});

function isGone(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
