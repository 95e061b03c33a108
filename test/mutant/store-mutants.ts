// Faults of the store that its suites must notice: each is one text of a script replaced by another.
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** The test file that must fail. */
  readonly suite: string;
}

const save = 'src/store/script/save.lua';
const begin = 'src/store/script/begin.lua';
const heartbeat = 'src/store/script/heartbeat.lua';
const permit = 'src/store/script/shared/permit.lua';

export const storeMutants: readonly Mutant[] = [
  {
    name: 'a save does not compare the version',
    file: save,
    text: "if version ~= expected then return { 'moved' } end",
    replacement: '',
    suite: 'test/contract/store.test.ts',
  },
  {
    name: 'an older version of the product overwrites a newer record',
    file: save,
    text: "> decision.schema then return { 'moved' } end",
    replacement: "> decision.schema then return { 'saved', version } end",
    suite: 'test/contract/record.test.ts',
  },
  {
    name: 'a save takes events that were handled before',
    file: save,
    text: "if not is_there or redis.call('HGET', ids_key, handled.id) ~= 'kept' then",
    replacement: 'if false then',
    suite: 'test/contract/store.test.ts',
  },
  {
    name: 'a save takes an event that is not where it was',
    file: save,
    text: 'if not is_there or ',
    replacement: 'if ',
    suite: 'test/contract/once.test.ts',
  },
  {
    name: 'a save does not mark its events as handled',
    file: save,
    text: '  set_handled(record, handled.id)\n',
    replacement: '',
    suite: 'test/contract/once.test.ts',
  },
  {
    name: 'a handled event is forgotten while it may come again',
    file: save,
    text: 'whole(now - remember_ms)',
    replacement: 'whole(now)',
    suite: 'test/contract/once.test.ts',
  },
  {
    name: 'a heartbeat does not compare the token',
    file: heartbeat,
    text: "if redis.call('HGET', outbox_key, id .. '|token') ~= token then return 'lost' end",
    replacement: '',
    suite: 'test/contract/once.test.ts',
  },
  {
    name: 'a heartbeat revives a lease that ran out',
    file: heartbeat,
    text: "if tonumber(redis.call('HGET', outbox_key, id .. '|lease')) <= now then return 'lost' end",
    replacement: '',
    suite: 'test/contract/once.test.ts',
  },
  {
    name: 'an action that was handed out again is begun under its old dispatch',
    file: begin,
    text: "if redis.call('HGET', outbox_key, id .. '|dispatch') ~= dispatch then return { 'refused', 'superseded' } end",
    replacement: '',
    suite: 'test/contract/store.test.ts',
  },
  {
    name: 'a begun action is begun once more',
    file: begin,
    text: "if state ~= 'pending' then",
    replacement: "if state == 'nothing' then",
    suite: 'test/contract/store.test.ts',
  },
  {
    name: 'a live lease counts as ended where places are counted',
    file: permit,
    text: "'(' .. whole(now), '+inf')",
    replacement: "'(' .. whole(now + 10000), '+inf')",
    suite: 'test/contract/permits.test.ts',
  },
  {
    name: 'holders whose lease is live are dropped',
    file: begin,
    text: "'-inf', whole(now))",
    replacement: "'-inf', '+inf')",
    suite: 'test/contract/permits.test.ts',
  },
  {
    name: 'whoever asks last is served first',
    file: begin,
    text: 'if ahead >= limits[name] - count_held(name) then',
    replacement: 'if limits[name] <= count_held(name) then',
    suite: 'test/contract/permits.test.ts',
  },
  {
    name: 'a place that becomes free calls nobody',
    file: save,
    text: 'for _, name in ipairs(called) do call_waiting(name) end\n',
    replacement: '',
    suite: 'test/contract/permits.test.ts',
  },
  {
    name: 'an alias leads in a circle',
    file: 'src/store/script/shared/alias.lua',
    text: 'if leads_to(record, alias) then return end',
    replacement: '',
    suite: 'test/contract/alias.test.ts',
  },
  {
    name: 'a late result brings a removed record back',
    file: 'src/store/script/append.lua',
    text: "if action ~= '' or not is_service(record) then return 0 end",
    replacement: '',
    suite: 'test/contract/removal.test.ts',
  },
  {
    name: 'a delivery with another body is taken for the same',
    file: 'src/store/script/shared/delivery.lua',
    text: "return known_hash == hash and 'duplicate' or 'mismatch'",
    replacement: "return 'duplicate'",
    suite: 'test/contract/once.test.ts',
  },
  {
    name: 'a save writes to a key whose type it has not looked at',
    file: save,
    text: "check_parts(record, 'log', 'outbox', 'trouble', 'aliases', 'removed')",
    replacement: "check_parts(record, 'log', 'outbox', 'trouble', 'removed')",
    suite: 'test/contract/fault.test.ts',
  },
  {
    name: 'a heartbeat writes before it has checked',
    file: heartbeat,
    text: "local permits = read_names(record, id, 'permits')",
    replacement:
      "redis.call('HSET', outbox_key, id .. '|lease', '0')\nlocal permits = read_names(record, id, 'permits')",
    suite: 'test/contract/fault.test.ts',
  },
  {
    name: 'deletions are collected into a key that nobody looked at',
    file: 'src/store/script/collect-deletions.lua',
    text: "must_be('hash', ledger_key)",
    replacement: '',
    suite: 'test/contract/fault.test.ts',
  },
];
