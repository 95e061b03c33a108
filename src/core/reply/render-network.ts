// What agents of a run reached besides their model and what they were denied, and the same of the set-up of dependencies. An
// allowed host can still be a way out, so both are told. Names are what programs inside asked for: text, whatever stands in it.
import { addNetwork, type DenialReason, type NetworkReport, nothingReached } from '../model/network-report.ts';
import type { Run } from '../model/run.ts';
import type { SetupNote } from '../model/setup-note.ts';
import { quoteCode } from './quote-inline.ts';

export function renderNetwork(run: Run): string {
  const steps = [
    ...run.tasks.flatMap(({ attempts }) => attempts.flatMap(({ steps = [] }) => steps)),
    ...(run.review?.steps ?? []),
  ];
  const reports = steps.flatMap(({ network }) => network ?? []);
  const asked = listAsked(run);
  const setup = renderSetup(run.setup);
  if (reports.length === 0 && asked.length === 0 && setup === '') return '';
  const report = reports.reduce(addNetwork, nothingReached);
  const told = [renderReached(report), renderDenied(report), renderWithheld(report), renderAsked(asked), setup];
  const parts = told.filter((part) => part !== '');
  const commands = asked.length === 0 ? '' : `, ${asked.length} asked for by commands and denied`;
  const prepared = run.setup?.network ? `; set-up: ${renderCounts(run.setup.network)}` : '';
  const summary = `Network: ${renderCounts(report)}${commands}${prepared}`;
  return `<details><summary>${summary}</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
}

interface Asked {
  readonly command: string;
  readonly host: string;
  readonly why: DenialReason;
}

/** What commands asked for that reach nothing: of attempts, of what was merged, of the newest verdict, each once. */
function listAsked({ tasks, verification }: Run): Asked[] {
  const base = verification?.baseTests;
  const commands = [
    ...tasks.flatMap(({ attempts, state }) => [
      ...attempts.flatMap(({ cause }) => (cause && 'failures' in cause ? cause.failures : [])),
      ...('contribution' in state ? state.contribution.verify.commands : []),
    ]),
    ...(verification?.report.commands ?? []),
    ...(base?.kind === 'ran' ? base.report.commands : []),
  ];
  const asked = commands.flatMap(({ command, denied = [] }) => denied.map(({ host, why }) => ({ command, host, why })));
  return [...new Map(asked.map((one) => [`${one.command}\n${one.host}`, one])).values()];
}

/** A layer is made once, so that it may have been for another run. */
function renderSetup(setup: SetupNote | undefined): string {
  if (!setup?.network) return '';
  const parts = [renderReached(setup.network), renderDenied(setup.network)].filter((part) => part !== '');
  return `When dependencies were set up (layer ${quoteCode(setup.layer ?? '')}):\n\n${parts.join('\n\n')}`;
}

function renderCounts(report: NetworkReport): string {
  return `${countReached(report)} reached, ${countDenied(report)} denied`;
}

const askedShown = 20;

function renderAsked(asked: readonly Asked[]): string {
  if (asked.length === 0) return '';
  const lines = asked
    .slice(0, askedShown)
    .map(
      ({ command, host, why }) =>
        `- ${quoteCode(host, charsShown)} by ${quoteCode(command, charsShown)}: ${reasons[why]}`,
    );
  const more = asked.length > askedShown ? [`- ${asked.length - askedShown} more`] : [];
  return `Commands reach nothing, and these asked:\n\n${[...lines, ...more].join('\n')}`;
}

function countReached({ reached, otherReached }: NetworkReport): string {
  const more = otherReached > 0 ? ' and more' : '';
  return `${reached.length}${more} ${reached.length === 1 && more === '' ? 'host' : 'hosts'}`;
}

function countDenied({ denied, otherDenied }: NetworkReport): number {
  return denied.reduce((sum, { count }) => sum + count, otherDenied);
}

function renderReached({ reached, otherReached }: NetworkReport): string {
  if (reached.length === 0) return 'No host was reached.';
  const rows = reached.map(
    ({ host, connections, sentBytes, receivedBytes }) =>
      `| ${quoteCode(host, charsShown)} | ${connections} | ${toSize(sentBytes)} | ${toSize(receivedBytes)} |`,
  );
  const more = otherReached > 0 ? `\n\n${otherReached} connections went to hosts beyond these.` : '';
  return `${['| reached | connections | sent | received |', '| --- | ---: | ---: | ---: |', ...rows].join('\n')}${more}`;
}

const charsShown = 100;

const reasons: Readonly<Record<DenialReason, string>> = {
  not_listed: 'not on the list',
  address: 'an address in the place of a name',
  port: 'another port than 443',
  not_public: 'leads to an address that is not of the public internet',
  server_name: 'TLS named another host than the request',
  not_tls: 'not encrypted',
  unreadable: 'not a name of a host',
  limit: 'more than an attempt may do',
};

function renderDenied({ denied, otherDenied }: NetworkReport): string {
  if (denied.length === 0) return '';
  const lines = denied.map(
    ({ host, why, count }) =>
      `- ${quoteCode(host, charsShown)}: ${reasons[why]}${count === 1 ? '' : `, ${count} times`}`,
  );
  const more = otherDenied > 0 ? [`- ${otherDenied} more, of other hosts`] : [];
  return `Denied:\n\n${[...lines, ...more].join('\n')}`;
}

function renderWithheld({ withheld = [] }: NetworkReport): string {
  if (withheld.length === 0) return '';
  const names = withheld.slice(0, 20).map((name) => quoteCode(name, charsShown));
  return `Files of agents ask for hosts that \`sandbox.network\` does not give: ${names.join(', ')}.`;
}

function toSize(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
}
