import { Action, type OutboxEntry } from '../core/model/action.ts';

/** The flat fields of the outbox hash (`id|field`) as entries in the order in which they were asked for. */
export function parseOutbox(fields: readonly string[]): OutboxEntry[] {
  const entries = new Map<string, Map<string, string>>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const key = fields[index] ?? '';
    const cut = key.lastIndexOf('|');
    const entry = entries.get(key.slice(0, cut)) ?? new Map<string, string>();
    entry.set(key.slice(cut + 1), fields[index + 1] ?? '');
    entries.set(key.slice(0, cut), entry);
  }
  return [...entries.values()].sort(byOrder).map(toEntry);
}

function byOrder(a: Map<string, string>, b: Map<string, string>): number {
  return Number(a.get('order') ?? 0) - Number(b.get('order') ?? 0);
}

function toEntry(fields: Map<string, string>): OutboxEntry {
  const notBefore = fields.get('notBefore');
  const since = fields.get('since');
  return {
    action: Action.parse(JSON.parse(fields.get('action') ?? 'null')),
    dispatch: Number(fields.get('dispatch')),
    isSettling: fields.get('settling') === '1',
    ...(notBefore === undefined ? {} : { notBefore: Number(notBefore) }),
    state:
      fields.get('state') === 'begun'
        ? {
            kind: 'begun',
            token: fields.get('token') ?? '',
            leaseUntil: Number(fields.get('lease')),
            ...(since === undefined ? {} : { since: Number(since) }),
            cancelled: fields.get('cancelled') === '1',
          }
        : { kind: 'pending' },
  };
}
