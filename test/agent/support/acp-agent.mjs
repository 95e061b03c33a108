// A small agent that speaks the Agent Client Protocol through the library's own agent side, for tests of what the protocol
// says. What a prompt asks for, word by word: "write NAME TEXT", "ask KIND", "wait MS", "say TEXT", "fail CODE MESSAGE",
// "calls N", "hear" (waits for what joins the turn), "mark STATUS", "stop REASON", "env NAME", "hold SECONDS" (until somebody ends
// a `sleep` of so many), "later NAME TEXT" (writes that where it goes on elsewhere, by what its session remembers). Where it is
// `marked` these stand within a larger text, as [[say hello]]. Sessions are kept in a file below home.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { agent, ndJsonStream, RequestError } from '@agentclientprotocol/sdk';

const options = JSON.parse(process.argv[2] ?? '{}');
const store = join(homedir(), 'sessions.json');
const sessions = readSessions();
/** The turn under way in each session. */
const turns = new Map();

const modes = { currentModeId: 'careful', availableModes: ['careful', 'free'].map((id) => ({ id, name: id })) };
const opened = (sessionId) => ({ sessionId, ...(options.modes ? { modes } : {}) });

agent({ name: 'test' })
  .onRequest('initialize', async ({ params }) => {
    await sleep(options.slowMs ?? 0);
    keep('initialize.json', params);
    return {
      protocolVersion: options.version ?? 1,
      agentCapabilities: {
        loadSession: options.restore === 'load',
        sessionCapabilities: options.restore === 'resume' ? { resume: {} } : {},
      },
    };
  })
  .onRequest('session/new', async ({ params, client }) => {
    if (options.locked) throw RequestError.authRequired();
    const id = `session-${Object.keys(sessions).length + 1}`;
    sessions[id] = { cwd: params.cwd, said: [], mode: 'careful' };
    save();
    if (options.commands) {
      await client.notify('session/update', {
        sessionId: id,
        update: {
          sessionUpdate: 'available_commands_update',
          availableCommands: options.commands.map((name) => ({ name, description: name })),
        },
      });
    }
    return opened(id);
  })
  .onRequest('session/resume', ({ params }) => restore(params))
  .onRequest('session/load', async ({ params, client }) => {
    const result = restore(params);
    for (const text of sessions[params.sessionId].said) await say(client, params.sessionId, `old: ${text}`);
    return result;
  })
  .onRequest('session/set_mode', ({ params }) => {
    sessions[params.sessionId].mode = params.modeId;
    save();
    return {};
  })
  .onNotification('session/cancel', ({ params }) => turns.get(params.sessionId)?.abort())
  .onRequest('session/prompt', async ({ params, client }) => {
    const { sessionId } = params;
    const text = params.prompt.map((part) => part.text).join('\n');
    const session = sessions[sessionId];
    session.said.push(text);
    save();
    const joined = options.steer === 'joins' ? turns.get(sessionId) : undefined;
    if (joined) {
      joined.heard = [...(joined.heard ?? []), text];
      return { stopReason: 'end_turn' };
    }
    const turn = new AbortController();
    turns.set(sessionId, turn);
    try {
      return { stopReason: await work({ client, sessionId, text, turn }) };
    } finally {
      turns.delete(sessionId);
    }
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));

async function work({ client, sessionId, text, turn }) {
  if (text.startsWith('/')) return 'end_turn';
  if (/^(Go on|You have reached)/.test(text)) await say(client, sessionId, 'I see.');
  if (text.includes('you go on on another one')) {
    for (const line of sessions[sessionId].said.flatMap(listLines)) {
      const [verb, name, ...rest] = line.split(' ');
      if (verb === 'later') writeFileSync(join(sessions[sessionId].cwd, name), rest.join(' '));
    }
    await say(client, sessionId, 'I went on.');
  }
  for (const line of listLines(text)) {
    const [verb, first = '', ...rest] = line.split(' ');
    if (verb === 'say') await say(client, sessionId, [first, ...rest].join(' '));
    if (verb === 'recall') await say(client, sessionId, JSON.stringify({ ...sessions[sessionId], heard: turn.heard }));
    if (verb === 'env') await say(client, sessionId, readVariable(first));
    if (verb === 'write') {
      writeFileSync(join(sessions[sessionId].cwd, first), rest.join(' '));
      await tool(client, sessionId, `write-${first}`, 'edit');
    }
    if (verb === 'calls') {
      for (let n = 1; n <= Number(first); n += 1) {
        if (turn.signal.aborted) return 'cancelled';
        await tool(client, sessionId, `call-${n}-${Math.random()}`, 'execute');
        await sleep(5);
      }
    }
    if (verb === 'ask') {
      const { outcome } = await client.request('session/request_permission', {
        sessionId,
        toolCall: { toolCallId: 'asked', title: 'Do it', kind: first },
        options: [
          { optionId: 'zz', name: 'Never', kind: 'reject_always' },
          { optionId: 'allow_once', name: 'A trap', kind: 'reject_once' },
          { optionId: 'reject_once', name: 'Another', kind: 'allow_once' },
          { optionId: 'yy', name: 'Always', kind: 'allow_always' },
        ],
      });
      await say(client, sessionId, outcome.optionId ?? outcome.outcome);
    }
    if (verb === 'reach') {
      const answer = await client.request(first, {}).then(
        () => 'answered',
        (error) => error.code,
      );
      await say(client, sessionId, String(answer));
    }
    if (verb === 'hear') while (!turn.heard && !turn.signal.aborted) await sleep(5);
    if (verb === 'wait') await sleep(Number(first), undefined, { signal: turn.signal }).catch(() => undefined);
    if (verb === 'deaf') await sleep(Number(first));
    if (verb === 'hold') {
      const holding = spawn('sleep', [first], { stdio: 'ignore' });
      const end = () => holding.kill();
      turn.signal.addEventListener('abort', end);
      await once(holding, 'exit');
    }
    if (turn.signal.aborted) return 'cancelled';
    if (verb === 'fail' && !(rest.includes('once') && sessions[sessionId].failed)) {
      sessions[sessionId].failed = true;
      throw new RequestError(Number(first), 'Internal error', { details: rest.join(' ') });
    }
    if (verb === 'mark') {
      const update = { sessionUpdate: 'session_info_update', _meta: { test: { status: first } } };
      await client.notify('session/update', { sessionId, update });
    }
    if (verb === 'stop') return first;
  }
  return 'end_turn';
}

/** Of a larger text each once, however often that tells it. */
function listLines(text) {
  return options.marked ? [...new Set([...text.matchAll(/\[\[(.+?)\]\]/g)].map(([, line]) => line))] : text.split('\n');
}

function say(client, sessionId, text) {
  const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
  return client.notify('session/update', { sessionId, update });
}

async function tool(client, sessionId, toolCallId, kind) {
  const call = { toolCallId, title: toolCallId, kind, status: 'pending' };
  await client.notify('session/update', { sessionId, update: { sessionUpdate: 'tool_call', ...call } });
  const end = { sessionUpdate: 'tool_call_update', toolCallId, status: 'completed' };
  await client.notify('session/update', { sessionId, update: end });
}

function restore({ sessionId }) {
  if (!sessions[sessionId]) throw RequestError.sessionNotFound(sessionId);
  return options.modes ? { modes } : {};
}

function readVariable(name) {
  const all = readFileSync('/proc/self/environ', 'utf8').split('\0');
  return all.find((line) => line.startsWith(`${name}=`)) ?? '';
}

function readSessions() {
  try {
    return JSON.parse(readFileSync(store, 'utf8'));
  } catch {
    return {};
  }
}

function save() {
  keep('sessions.json', sessions);
}

function keep(name, value) {
  mkdirSync(homedir(), { recursive: true });
  writeFileSync(join(homedir(), name), JSON.stringify(value));
}
