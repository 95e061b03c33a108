// Driver for pi in RPC mode: one process per session inside the sandbox, JSON lines on its stdin and stdout.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExternalError } from '../../engine/external-error.ts';
import type { AgentDriver, AgentSpec } from '../../engine/port/agent.ts';
import { connectPi, type PiConnection } from './pi-connection.ts';
import { locatePi, type PiProgramOptions, renderPiArgv, tokenVariable } from './pi-program.ts';
import { parsePiState } from './pi-record.ts';
import { createPiSession } from './pi-session.ts';

export interface PiDriverOptions {
  readonly startMs?: number;
  readonly graceMs?: number;
  /** pi's own retries of a failing model, with doubling delays. */
  readonly retries?: PiProgramOptions['retries'];
}

export function createPiDriver(options: PiDriverOptions = {}): AgentDriver {
  const { startMs = 30_000, graceMs = 2_000, retries = { count: 3, baseDelayMs: 2_000 } } = options;
  return {
    name: 'pi',
    mounts: locatePi(),
    env: { PI_OFFLINE: '1', PI_TELEMETRY: '0', PI_SKIP_VERSION_CHECK: '1' },
    async start(spec: AgentSpec) {
      const { model, resume, home = '~/.pi' } = spec;
      const id = resume !== undefined && isSessionId(resume) ? resume : randomUUID();
      const argv = renderPiArgv({ model, sessionId: id, sessionFolder: `${home}/sessions`, retries });
      const connection = connectPi(spec.spawn(argv, { env: { [tokenVariable]: model.token } }));
      try {
        const state = await readState(connection, startMs);
        // pi takes parts of names for models of its own, and a wrong one must not be used in silence.
        if (state.model.id !== model.name) throw fail(`pi does not know the model ${model.name}`, 'never');
        return createPiSession({
          connection,
          id,
          resumed: id === resume && state.messageCount > 0,
          limits: spec,
          onRest: spec.onRest,
          graceMs,
        });
      } catch (error) {
        await connection.kill();
        throw error;
      }
    },
  };
}

async function readState(connection: PiConnection, startMs: number) {
  const timer = new AbortController();
  const late = sleep(startMs, undefined, { signal: timer.signal }).catch(() => undefined);
  const response = await Promise.race([connection.request({ type: 'get_state' }), late]);
  timer.abort();
  if (!response) throw fail(`pi did not come up within ${startMs} ms`, 'soon');
  if (!response.success) throw fail(response.error, 'soon');
  const state = parsePiState(response.data);
  if (!state) throw fail('pi gave an answer that is not understood', 'never');
  return state;
}

function isSessionId(text: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/.test(text);
}

function fail(message: string, retry: 'soon' | 'never'): ExternalError {
  return new ExternalError({ system: 'agent', message, retry });
}
