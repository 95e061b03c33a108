// Driver for agents that speak the Agent Client Protocol, version 1: one process per session inside the sandbox, JSON lines
// on its stdin and stdout. It offers the agent neither files nor terminals: it works on the workspace itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { ExternalError } from '../../engine/external-error.ts';
import type { AgentDriver, AgentSpec } from '../../engine/port/agent.ts';
import { type AcpAnswer, type AcpConnection, authRequired, connectAcp } from './acp-connection.ts';
import type { AcpProfile } from './acp-profile.ts';
import { createAcpSession } from './acp-session.ts';
import { renderLaunch } from './render-launch.ts';
import { shortList } from './short-list.ts';

export interface AcpDriverOptions {
  readonly profile: AcpProfile;
  /** Host folder in which its packages are installed, the `node_modules` itself. */
  readonly modules: string;
  readonly workspace?: string;
  readonly startMs?: number;
  readonly graceMs?: number;
}

const inside = { modules: '/opt/agent/node_modules', start: '/opt/gatepilot-acp' };

export function createAcpDriver(options: AcpDriverOptions): AgentDriver {
  const { profile, modules, workspace: cwd = '/workspace', startMs = 60_000, graceMs = 3_000 } = options;
  return {
    name: profile.name,
    mounts: [
      // A program of the machine itself needs none.
      ...(Object.keys(profile.packages).length > 0 ? [{ source: modules, target: inside.modules }] : []),
      { source: fileURLToPath(new URL('./inside', import.meta.url)), target: inside.start },
    ],
    env: {},
    async start(spec) {
      const launch = renderLaunch(profile, spec.model, { ...inside, home: spec.home, arch: process.arch });
      if (!launch) throw fail(`${profile.name} cannot talk to models of ${spec.model.provider}`, 'never');
      const connection = connectAcp(spec.spawn(launch.argv, { env: launch.env }), spec.access ?? 'read-write');
      const late = new AbortController();
      try {
        const opened = await Promise.race([
          openSession(connection, profile, { cwd, resume: spec.resume }),
          sleep(startMs, undefined, { signal: late.signal }).catch(() => undefined),
        ]);
        if (!opened) throw fail(`${profile.name} did not come up within ${startMs} ms`, 'soon');
        return createAcpSession({
          connection,
          profile,
          ...opened,
          commands: connection.commands,
          limits: spec,
          graceMs,
        });
      } catch (error) {
        await connection.kill();
        throw error;
      } finally {
        late.abort();
      }
    },
  };
}

const greeting = z.object({
  protocolVersion: z.number(),
  agentCapabilities: z
    .object({
      loadSession: z.boolean().catch(false),
      sessionCapabilities: z.object({ resume: z.unknown().optional() }).catch({ resume: undefined }),
    })
    .catch({ loadSession: false, sessionCapabilities: { resume: undefined } }),
});
const session = z.object({
  sessionId: z.string().min(1).max(500).optional(),
  modes: z
    .object({ currentModeId: z.string(), availableModes: shortList(z.object({ id: z.string() })) })
    .nullish()
    .catch(undefined),
});
type Session = z.infer<typeof session>;

interface Opened {
  readonly id: string;
  readonly resumed: boolean;
  readonly canResume: boolean;
}

async function openSession(
  connection: AcpConnection,
  profile: AcpProfile,
  { cwd, resume }: { cwd: string; resume: AgentSpec['resume'] },
): Promise<Opened> {
  const hello = await connection.request('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {},
    clientInfo: { name: 'gatepilot', version: '1' },
  });
  const { protocolVersion, agentCapabilities } = read(greeting, hello, profile);
  if (protocolVersion !== PROTOCOL_VERSION) {
    throw fail(`${profile.name} speaks version ${protocolVersion} of the protocol, not ${PROTOCOL_VERSION}`, 'never');
  }
  const canResumeAtOnce =
    typeof agentCapabilities.sessionCapabilities.resume === 'object' &&
    agentCapabilities.sessionCapabilities.resume !== null;
  const canResume = profile.resumes && (canResumeAtOnce || agentCapabilities.loadSession);
  const place = { cwd, mcpServers: [] };
  if (resume !== undefined && canResume) {
    // Loading tells the whole conversation once more, which nobody here wants to hear.
    const method = canResumeAtOnce ? 'session/resume' : 'session/load';
    const answer = await connection.request(method, { ...place, sessionId: resume });
    if (answer.kind === 'ended') throw fail(answer.message, 'soon');
    const resumed = answer.kind === 'result' ? session.safeParse(answer.value) : undefined;
    if (resumed?.success) {
      await setMode(connection, profile, resume, resumed.data);
      return { id: resume, resumed: true, canResume };
    }
  }
  const opened = read(session, await connection.request('session/new', place), profile);
  if (opened.sessionId === undefined) throw notUnderstood(profile);
  await setMode(connection, profile, opened.sessionId, opened);
  return { id: opened.sessionId, resumed: false, canResume };
}

/** An agent that keeps asking would still be answered; one that plans instead of working, or locks itself up, is no use. */
async function setMode(connection: AcpConnection, profile: AcpProfile, id: string, { modes }: Session): Promise<void> {
  const { mode, name } = profile;
  if (mode === undefined || modes?.currentModeId === mode) return;
  if (!modes?.availableModes.some((one) => one.id === mode)) throw fail(`${name} has no mode ${mode}`, 'never');
  const answer = await connection.request('session/set_mode', { sessionId: id, modeId: mode });
  if (answer.kind !== 'result') throw fail(`${name} does not take the mode ${mode}: ${answer.message}`, 'never');
}

function read<Schema extends z.ZodType>(schema: Schema, answer: AcpAnswer, profile: AcpProfile): z.infer<Schema> {
  if (answer.kind !== 'result') {
    throw fail(answer.message, answer.kind === 'refused' && answer.code === authRequired ? 'never' : 'soon');
  }
  const parsed = schema.safeParse(answer.value);
  if (!parsed.success) throw notUnderstood(profile);
  return parsed.data;
}

function notUnderstood({ name }: AcpProfile): ExternalError {
  return fail(`${name} gave an answer that is not understood`, 'never');
}

function fail(message: string, retry: 'soon' | 'never'): ExternalError {
  return new ExternalError({ system: 'agent', message, retry });
}
