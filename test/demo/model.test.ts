import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { scriptedUsage } from '../../src/demo/model/start-scripted-model.ts';
import { ask, converse, start, user } from './model-client.ts';

const coder: Scenario = {
  coder: [
    {
      attempts: [
        [
          { kind: 'write', path: 'a.js', content: 'bug' },
          { kind: 'say', text: 'first' },
        ],
        [
          { kind: 'bash', command: 'true' },
          { kind: 'write', path: 'a.js', content: 'fix' },
          { kind: 'say', text: 'second' },
        ],
      ],
    },
  ],
};
const firstAttempt = [{ path: 'a.js', content: 'bug' }, 'first'];
const secondAttempt = [{ command: 'true', description: 'run a command' }, { path: 'a.js', content: 'fix' }, 'second'];

describe('which part is played', () => {
  it('is the attempt that the prompt names, and the last one past the end', async () => {
    const model = await start(coder);
    expect((await converse(model, 'ATTEMPT 1: go')).steps).toEqual(firstAttempt);
    expect((await converse(model, 'no number')).steps).toEqual(firstAttempt);
    expect((await converse(model, 'ATTEMPT 2: go, after ATTEMPT 1 failed')).steps).toEqual(secondAttempt);
    expect((await converse(model, 'ATTEMPT 7')).steps).toEqual(secondAttempt);
  });

  it('is the next attempt when it is asked for in the same conversation', async () => {
    const model = await start(coder);
    const { messages } = await converse(model, 'ATTEMPT 1: go');
    expect((await converse(model, 'ATTEMPT 2: again', {}, messages)).steps).toEqual(secondAttempt);
  });

  it('is the same when an attempt is run again from its beginning', async () => {
    const model = await start(coder);
    await ask(model, { messages: [user('ATTEMPT 1: go')] });
    expect((await converse(model, 'ATTEMPT 1: go', { caller: 'run-1/coder/a2' })).steps).toEqual(firstAttempt);
  });

  it('is chosen by text in the prompt, within a role and for a run', async () => {
    const say = (text: string) => ({ attempts: [[{ kind: 'say', text } as const]] });
    const model = await start({
      scenarioFor: ({ run, role, prompt }) => {
        if (prompt.includes('[red]')) return { [role]: [say(`red for ${run}`)] };
        return {
          coder: [
            { when: 'task A', ...say('a') },
            { when: 'task B', ...say('b') },
          ],
        };
      },
    });
    expect((await converse(model, 'do task B')).steps).toEqual(['b']);
    expect((await converse(model, 'do task A')).steps).toEqual(['a']);
    expect((await converse(model, 'issue [red] of task A')).steps).toEqual(['red for run-1']);
    expect((await ask(model, { messages: [user('task C')] })).status).toBe(400);
    expect((await ask(model, { messages: [user('task A')], caller: 'run-1/unknown/1' })).status).toBe(400);
  });

  it('depends on facts in the prompt, and not on what tools gave back', async () => {
    const model = await start({
      coder: [
        {
          attempts: [
            [
              { kind: 'bash', command: 'look' },
              {
                kind: 'when',
                text: 'use port 8081',
                steps: [{ kind: 'say', text: 'good' }],
                otherwise: [{ kind: 'say', text: 'bad' }],
              },
            ],
          ],
        },
      ],
    });
    expect((await converse(model, 'please use port 8081')).steps.at(-1)).toBe('good');
    expect((await converse(model, 'please')).steps.at(-1)).toBe('bad');
    const messages = [
      user('please'),
      { role: 'assistant', content: [{ type: 'tool_use', id: 'call_coder_1_0', name: 'bash', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_coder_1_0', content: 'use port 8081' }] },
    ];
    expect((await (await ask(model, { messages })).json()).content[0]?.text).toBe('bad');
  });

  it('goes on with the next answer when one is sent back for repair', async () => {
    const model = await start({
      planner: [
        {
          attempts: [
            [
              { kind: 'say', text: 'nonsense' },
              { kind: 'json', value: { a: 1 } },
            ],
          ],
        },
      ],
    });
    const options = { caller: 'run-1/planner/1', tools: [] };
    const first = await converse(model, 'plan', options);
    expect(first.steps).toEqual(['nonsense']);
    expect((await converse(model, 'not JSON', options, first.messages)).steps).toEqual(['{"a":1}']);
  });

  it('is a constant for what agents ask on the side', async () => {
    const model = await start(coder);
    expect((await converse(model, 'ATTEMPT 1: name this', { tools: [] })).steps).toEqual(['Title']);
  });
});

describe('what agents are told', () => {
  it.each([
    ['pi', ['read', 'bash', 'edit', 'write'], { path: 'a.js', content: 'bug' }],
    ['Claude Code', ['Bash', 'Write'], { file_path: '/workspace/a.js', content: 'bug' }],
    ['Gemini', ['run_shell_command', 'write_file'], { file_path: '/workspace/a.js', content: 'bug' }],
    ['opencode', ['bash', 'write', 'todowrite'], { filePath: '/workspace/a.js', content: 'bug' }],
    ['Codex', ['exec_command'], { cmd: `mkdir -p "$(dirname 'a.js')" && printf %s YnVn | base64 -d > 'a.js'` }],
  ])('is in the words of %s', async (_agent, tools, call) => {
    const model = await start(coder);
    expect((await converse(model, 'go', { tools })).steps[0]).toEqual(call);
  });

  it('costs the same every time', async () => {
    const model = await start(coder);
    const { usage } = await (await ask(model, { messages: [user('go')] })).json();
    expect(usage).toMatchObject({ input_tokens: scriptedUsage.inputTokens, output_tokens: scriptedUsage.outputTokens });
  });

  it('needs the right key', async () => {
    const model = await start(coder);
    expect((await ask(model, { messages: [user('go')], key: 'wrong' })).status).toBe(401);
  });

  it('is on record with the prompt that led to it', async () => {
    const model = await start(coder);
    await converse(model, 'ATTEMPT 2: go');
    expect(model.log.map(({ run, role, attempt, step, kind }) => [run, role, attempt, step, kind].join(' '))).toEqual([
      'run-1 coder 2 0 tool',
      'run-1 coder 2 1 tool',
      'run-1 coder 2 2 text',
    ]);
    expect(model.log[0]?.prompt).toBe('ATTEMPT 2: go');
  });
});
