// Who is asking: by token, by an App's signed JWT, or nobody.
import { createVerify } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../state/app.ts';
import { accountOf, appOf } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import type { Caller } from './call.ts';

/** `authorization` is the header: `Bearer …`, `token …`, or `Basic …` with the token as the password. */
export function authenticate(world: World, authorization: string | undefined): Caller {
  const value = tokenOf(authorization);
  if (value === undefined) return { kind: 'none' };
  if (value.split('.').length === 3) return { kind: 'app', app: verifyJwt(world, value) };
  const token = world.tokens.get(value);
  if (!token) throw badCredentials();
  if (token.kind === 'person') return { kind: 'person', account: accountOf(world, token.login) };
  const installation = world.installations.get(token.installationId);
  if (!installation || token.expiresAt <= world.now()) throw badCredentials();
  return { kind: 'installation', app: appOf(world, installation.appId), installation, token };
}

function tokenOf(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case '':
      return undefined;
    case 'basic': {
      const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
      return password === '' ? undefined : password;
    }
    default:
      return value;
  }
}

function badCredentials(): Refusal {
  return new Refusal(401, 'Bad credentials');
}

const Header = z.object({ alg: z.literal('RS256') });
const Claims = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });

/** GitHub allows ten minutes, and clocks that differ a little. */
const maxLifeSeconds = 600;
const toleranceSeconds = 60;

/** A JWT's times are held against the machine's clock, not against this GitHub's, which tests move. */
function verifyJwt(world: World, jwt: string): App {
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  const undecodable = new Refusal(401, 'A JSON web token could not be decoded');
  const parsed = Claims.safeParse(parsePart(claims));
  if (!Header.safeParse(parsePart(header)).success || !parsed.success) throw undecodable;
  const { iss, iat, exp } = parsed.data;
  const app = [...world.apps.values()].find(({ id, clientId }) => String(id) === String(iss) || clientId === iss);
  if (!app) throw new Refusal(404, 'Integration not found');
  const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
  if (!verify.verify(app.publicKey, Buffer.from(signature, 'base64url'))) throw undecodable;
  const now = Date.now() / 1000;
  if (exp <= now - toleranceSeconds)
    throw expClaim('must be a numeric value representing the future time at which the assertion expires');
  if (exp - Math.min(iat, now) > maxLifeSeconds + toleranceSeconds) throw expClaim('is too far in the future');
  if (iat > now + toleranceSeconds) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  return app;
}

function expClaim(what: string): Refusal {
  return new Refusal(401, `'Expiration time' claim ('exp') ${what}`);
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
