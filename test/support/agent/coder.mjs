// A small coding agent, for tests that are about everything around one: a real process that asks the model for tool calls,
// carries them out, and ends with the model's last words. It starts ten times as fast as an agent that people use.
// The prompt comes on stdin, and the model speaks Anthropic's protocol. Exit code 1 when the model does not answer.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, resolve } from 'node:path';

const { GATEPILOT_MODEL_URL, GATEPILOT_MODEL_TOKEN, GATEPILOT_MODEL_NAME } = process.env;

const tools = [
  {
    name: 'write',
    description: 'Writes a file',
    properties: { path: { type: 'string' }, content: { type: 'string' } },
  },
  { name: 'bash', description: 'Runs a command', properties: { command: { type: 'string' } } },
].map(({ name, description, properties }) => ({ name, description, input_schema: { type: 'object', properties } }));

const carryOut = {
  write({ path, content }) {
    const file = resolve(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return `wrote ${path}`;
  },
  bash({ command }) {
    const { stdout, stderr, status, signal } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    return `${stdout}${stderr}\nexit ${signal ?? status}`;
  },
};

const messages = [{ role: 'user', content: readFileSync(0, 'utf8') }];
for (;;) {
  const content = await ask();
  messages.push({ role: 'assistant', content });
  const results = [];
  for (const part of content) {
    if (part.type === 'text') process.stdout.write(`${part.text}\n`);
    if (part.type === 'tool_use') results.push({ type: 'tool_result', tool_use_id: part.id, content: attempt(part) });
  }
  if (results.length === 0) break;
  messages.push({ role: 'user', content: results });
}

function attempt({ name, input }) {
  process.stderr.write(`${name} ${JSON.stringify(input).slice(0, 200)}\n`);
  try {
    return carryOut[name](input);
  } catch (error) {
    return String(error);
  }
}

async function ask() {
  const { status, text } = await post(
    JSON.stringify({ model: GATEPILOT_MODEL_NAME, max_tokens: 4096, messages, tools }),
  );
  if (status === 200) return JSON.parse(text).content;
  process.stderr.write(`the model answered ${status}: ${text.slice(0, 300)}\n`);
  process.exit(1);
}

function post(body) {
  return new Promise((answer, fail) => {
    const headers = {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      'x-api-key': GATEPILOT_MODEL_TOKEN,
    };
    // A connection for each: while a command is carried out nobody here would notice that the other side closed one.
    const options = { method: 'POST', headers, agent: false };
    const outgoing = request(`${GATEPILOT_MODEL_URL}/v1/messages`, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('end', () => answer({ status: response.statusCode, text }));
      response.on('error', fail);
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}
