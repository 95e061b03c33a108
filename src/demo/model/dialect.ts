// Every agent offers its own tools; the same step becomes a call of whichever tools stand in the request.
import type { Action } from './scenario.ts';

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

type ToolAction = Extract<Action, { kind: 'write' | 'bash' }>;

/** Undefined when the tools offered cannot do it. `workspace` is for agents that take absolute paths only. */
export function renderToolCall(action: ToolAction, tools: readonly string[], workspace: string): ToolCall | undefined {
  if (action.kind === 'bash') return renderBash(action.command, tools);
  const { path, content } = action;
  const absolute = `${workspace}/${path}`;
  // opencode names both its own `write` and `todowrite`; pi has only `write`.
  if (tools.includes('write') && tools.includes('todowrite'))
    return { name: 'write', arguments: { filePath: absolute, content } };
  if (tools.includes('write')) return { name: 'write', arguments: { path, content } };
  if (tools.includes('Write')) return { name: 'Write', arguments: { file_path: absolute, content } };
  if (tools.includes('write_file')) return { name: 'write_file', arguments: { file_path: absolute, content } };
  return renderBash(renderWriteCommand(path, content), tools);
}

function renderBash(command: string, tools: readonly string[]): ToolCall | undefined {
  const name = ['bash', 'Bash', 'run_shell_command', 'exec_command', 'shell_command'].find((known) =>
    tools.includes(known),
  );
  if (!name) return undefined;
  return { name, arguments: name === 'exec_command' ? { cmd: command } : { command, description: 'run a command' } };
}

function renderWriteCommand(path: string, content: string): string {
  const quoted = `'${path.replaceAll("'", "'\\''")}'`;
  const data = Buffer.from(content).toString('base64');
  return `mkdir -p "$(dirname ${quoted})" && printf %s ${data} | base64 -d > ${quoted}`;
}
