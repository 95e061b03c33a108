// The App as GitHub has it, against what app.yml asks for.
import type { DeliveryAttempt } from '../../engine/port/delivery-log.ts';
import type { InspectedInstallation, InspectionPort, Rights } from '../../engine/port/inspection.ts';
import { findMissingRights } from '../../process/find-missing-rights.ts';
import type { AppFile } from '../../setup/read-app-file.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

type Wanted = Pick<AppFile, 'default_permissions' | 'default_events'>;

const onPage = 'on its page on GitHub, under "Permissions & events"';

/** A line for each permission, and for each event that is missing. */
export async function checkApp(
  inspection: Pick<InspectionPort, 'readApp'>,
  wanted: Wanted,
): Promise<readonly Finding[]> {
  const app = await inspection.readApp();
  return [ok('github.app', `GitHub accepts the key of the App ${app.slug}`), ...checkRights(app, wanted)];
}

function checkRights(given: Rights, wanted: Wanted): readonly Finding[] {
  const permissions = Object.entries(wanted.default_permissions).map(([name, level]) => {
    const check = `github.permission.${name}`;
    const [missing] = findMissingRights({ default_permissions: { [name]: level }, default_events: [] }, given);
    if (missing === undefined) return ok(check, `the App has ${name}: ${given.permissions[name] ?? level}`);
    const has = given.permissions[name];
    const instead = has === undefined ? '' : ` (it has ${has})`;
    const mend = `Set ${name} to ${level} ${onPage}; each installation then has to accept it.`;
    return fail(check, `the App has not ${missing}${instead}`, mend);
  });
  const events = wanted.default_events
    .filter((name) => !given.events.includes(name))
    .map((name) => fail('github.events', `the App does not hear of ${name}`, `Subscribe it to ${name} ${onPage}.`));
  const all = ok('github.events', `the App hears of all ${wanted.default_events.length} events`);
  return [...permissions, ...(events.length === 0 ? [all] : events)];
}

/** An installation keeps what it accepted, whatever the App asks for since. */
export function checkInstallation(installation: InspectedInstallation, wanted: Wanted): Finding {
  const check = 'github.installation';
  const name = `the installation of ${installation.account}`;
  if (installation.isSuspended)
    return warn(check, `${name} is suspended`, 'Nothing is done there until its owner unsuspends it on GitHub.');
  const missing = findMissingRights({ ...wanted, default_events: [] }, installation);
  if (missing.length === 0) return ok(check, `${name} gives the App all that it asks for`);
  const mend = 'Its owner accepts it on the page of the installation.';
  return fail(check, `${name} does not give ${missing.join(', ')}`, mend);
}

/** Where the address is left as app.yml has it, nobody set it. */
const placeholder = /(^|\.)example\.(com|org|net)$/;

export async function checkWebhook(inspection: Pick<InspectionPort, 'readWebhookUrl'>): Promise<readonly Finding[]> {
  const check = 'github.webhook';
  const text = await inspection.readWebhookUrl();
  const mend = "Set the webhook URL on the App's page on GitHub to https://YOUR-HOST/api/github/webhooks.";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || placeholder.test(url.hostname)) return [fail(check, 'the App has no webhook URL of yours', mend)];
  const where = `${url.protocol}//${url.host}${url.pathname}`;
  if (!url.pathname.endsWith('/api/github/webhooks'))
    return [warn(check, `webhooks go to ${where}`, `Unless a proxy maps that path: ${mend}`)];
  if (url.protocol !== 'https:' && !/^(127\.|localhost$|\[::1\])/.test(url.hostname))
    return [warn(check, `webhooks go to ${where} without encryption`, 'Put a TLS proxy in front, and use https.')];
  return [ok(check, `webhooks go to ${where}`)];
}

const advanced = 'Look at "Advanced" on the App\'s page on GitHub, and at the log of the web process.';

export async function checkDeliveries(inspection: Pick<InspectionPort, 'readDeliveries'>): Promise<readonly Finding[]> {
  const check = 'github.deliveries';
  const { attempts } = await inspection.readDeliveries();
  const [newest] = attempts;
  if (!newest) {
    const mend = 'Install the App on a repository and let something happen there, or ask for a delivery on its page.';
    return [warn(check, 'GitHub has delivered nothing yet', mend)];
  }
  const lost = listLost(attempts);
  const all = new Set(attempts.map(({ guid }) => guid)).size;
  if (lost.length === 0) return [ok(check, `all of the last ${all} deliveries were taken`)];
  const what = `${lost.length} of the last ${all} deliveries were not taken, ${lost[0]?.what} the newest of them`;
  return [newest.isOk ? warn(check, what, `They are asked for again. ${advanced}`) : fail(check, what, advanced)];
}

/** Every attempt of a delivery has its guid: one that was taken once is not lost. */
function listLost(attempts: readonly DeliveryAttempt[]): readonly DeliveryAttempt[] {
  const taken = new Set(attempts.filter(({ isOk }) => isOk).map(({ guid }) => guid));
  const lost = new Map<string, DeliveryAttempt>();
  for (const attempt of attempts)
    if (!taken.has(attempt.guid) && !lost.has(attempt.guid)) lost.set(attempt.guid, attempt);
  return [...lost.values()];
}
