// Bots talk to each other for ever if they are let. One that the settings name may give commands that start or show work,
// only so often before a person says something again, and what is refused gets a sign and no words to answer to.
import type { Command, Verb } from '../command/command.ts';
import type { Event } from '../model/event.ts';
import type { Receipt } from '../model/record.ts';
import type { Draft } from './draft.ts';
import { readBots } from './read-run-policy.ts';

/** What needs the judgement of a person, or their permission, is for persons. */
const verbs: readonly Verb[] = ['run', 'plan', 'review', 'recheck', 'rebase', 'retry', 'stop', 'status', 'explain'];

/** On one subject, within an hour, without a person in between. */
const commandsAtMost = 5;
const hourMs = 3_600_000;

export function isNamedBot(draft: Draft, { actor }: Extract<Event, { kind: 'commented' }>): boolean {
  // We never command ourselves, whatever the settings name.
  if (toName(actor.login) === draft.snapshot.facts.slug?.toLowerCase()) return false;
  return readBots(draft).some((name) => toName(name) === toName(actor.login));
}

/** GitHub writes it with a suffix, people mostly without. */
function toName(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, '');
}

/** Why a command of a bot that is named is not carried out; for the log, since no bot is answered. */
export function findBotRefusal(draft: Draft, { kind }: Command): string | undefined {
  if (!verbs.includes(kind)) return `"${kind}" is for persons`;
  const said = draft.record.receipts.filter(({ source, at }) => source.kind === 'comment' && at > draft.now - hourMs);
  const byBots = said.slice(said.findLastIndex(isByPerson) + 1);
  // The one that is looked at is among them.
  return byBots.length > commandsAtMost
    ? `bots gave ${commandsAtMost} commands here within an hour, and no person said anything in between`
    : undefined;
}

function isByPerson({ actor }: Receipt): boolean {
  return actor.kind === 'person';
}
