import { redact } from '../../core/sanitise/redact.ts';
import type { Env } from '../../env.ts';
import type { Finding } from './finding.ts';

export type Hide = (text: string) => string;

/** Takes out what this installation keeps secret, by value, and whatever looks like a secret. */
export function openHide({ app, model, redisUrl }: Pick<Env, 'app' | 'model' | 'redisUrl'>): Hide {
  const password = redisUrl !== undefined && URL.canParse(redisUrl) ? new URL(redisUrl).password : '';
  const secrets = [app.privateKey, app.webhookSecret, model.apiKey, password, decodeURIComponent(password)];
  const told = secrets.filter((secret) => secret !== '');
  return (text) => redact(told.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text)).text;
}

export function hideIn(finding: Finding, hide: Hide): Finding {
  const { what, mend } = finding;
  return { ...finding, what: hide(what), ...(mend === undefined ? {} : { mend: hide(mend) }) };
}

/** One line, whatever was put into it. */
export function renderFinding({ check, repository, verdict, what, mend }: Finding): string {
  const about = repository === undefined ? '' : `${repository}: `;
  const said = mend === undefined ? `${what}.` : `${what}. ${mend}`;
  return `${verdict.padEnd(4)}  ${check.padEnd(columns)}  ${about}${said.replace(/\s+/g, ' ')}`;
}

const columns = 32;
