-- The one way in which a record changes. ARGV: record, expected version, decision (JSON: schema, record,
-- handled[{entry,id}], log[], outbox[], aliases[], answers[{key,answer}], census[{name,limit}],
-- settlements[{pot,id,amount}], reservations[{pot,id,amount,cap,keepMs}], tells, trimLogBefore, wakeAt). Strings inside the decision
-- that are JSON themselves are never decoded here.
-- Returns { 'saved', version } | { 'moved' } | { 'already_handled', event id } | { 'full', name }
--   | { 'over', pot, committed, open }.
local record, expected, decision = ARGV[2], ARGV[3], cjson.decode(ARGV[4])
local record_key, inbox_key, ids_key, handled_key, log_key, outbox_key, trouble_key, aliases_key, removed_key =
  key_of(record, 'record'), key_of(record, 'inbox'), key_of(record, 'ids'), key_of(record, 'handled'),
  key_of(record, 'log'), key_of(record, 'outbox'), key_of(record, 'trouble'), key_of(record, 'aliases'),
  key_of(record, 'removed')

local version = redis.call('HGET', record_key, 'version') or '0'
if version ~= expected then return { 'moved' } end
-- A newer version of the product wrote it: an older one does not know what it would throw away.
if tonumber(redis.call('HGET', record_key, 'schema') or '0') > decision.schema then return { 'moved' } end
for _, handled in ipairs(decision.handled) do
  local entry = redis.call('XRANGE', inbox_key, handled.entry, handled.entry)[1]
  local is_there = entry and entry[2][2] == handled.id
  if not is_there or redis.call('HGET', ids_key, handled.id) ~= 'kept' then return { 'already_handled', handled.id } end
end

check_inbox(record)
check_parts(record, 'log', 'outbox', 'trouble', 'aliases', 'removed')
must_be('zset', subjects_key)
must_be('hash', alias_key)
check_permits({})
for _, handled in ipairs(decision.handled) do must_be('hash', request_key_of(handled.id)) end
for _, answer in ipairs(decision.answers) do must_be('hash', request_key_of(request_prefix .. answer.key)) end
local freed = {}
for _, change in ipairs(decision.outbox) do
  local held, waits = read_names(record, change.id, 'permits'), read_names(record, change.id, 'waits')
  check_permits(held)
  check_permits(waits)
  freed[change.id] = { held = held, waits = waits }
end
local counted, seats = read_census(record), {}
for _, seat in ipairs(decision.census) do seats[#seats + 1] = seat.name end
check_census(counted)
check_census(seats)
for _, seat in ipairs(decision.census) do
  local key = census_key(seat.name)
  local is_full = seat.limit and redis.call('SCARD', key) >= seat.limit
  if is_full and redis.call('SISMEMBER', key, record) == 0 then return { 'full', seat.name } end
end
local pots, over = plan_pots(decision.settlements, decision.reservations)
if over then return { 'over', over[1], over[2], over[3] } end
local holder = resolve(record)
check_inbox(holder)
for _, alias in ipairs(decision.aliases) do check_alias(alias) end
local sequence = tonumber(redis.call('HGET', record_key, 'sequence') or '0')
local newest = redis.call('XREVRANGE', log_key, '+', '-', 'COUNT', 1)[1]
local newest_sequence = newest and tonumber(string.match(newest[1], '^%d+')) or 0
local removed = tonumber(redis.call('GET', removed_key) or '')
local is_log_over = removed and now >= removed + farewell_ms
-- A record that was removed and comes back goes on numbering where its log can still be read.
if removed and not is_log_over then sequence = newest_sequence end
if not is_log_over and newest_sequence > sequence then error('the log of ' .. record .. ' is ahead of its record', 0) end
-- Nothing is written above this line.

local next_version = whole(tonumber(version) + 1)
if removed then
  redis.call(is_log_over and 'DEL' or 'PERSIST', log_key)
  redis.call('DEL', removed_key)
end
for _, handled in ipairs(decision.handled) do
  redis.call('XDEL', inbox_key, handled.entry)
  set_handled(record, handled.id)
  end_request(handled.id)
end
for _, name in ipairs(redis.call('HKEYS', trouble_key)) do
  if redis.call('HGET', ids_key, name) ~= 'kept' then redis.call('HDEL', trouble_key, name) end
end
-- A handled event is forgotten when it cannot come again: some with each save, and more than it adds. A comment can:
-- what a live run was told is listed when processes start, however old it is.
local forgotten = redis.call('ZRANGEBYSCORE', handled_key, '-inf', whole(now - remember_ms), 'LIMIT', 0,
  2 * #decision.handled + 16)
for _, id in ipairs(forgotten) do
  if not is_comment(id) then redis.call('HDEL', ids_key, id) end
  redis.call('ZREM', handled_key, id)
end
for _, entry in ipairs(decision.log) do
  sequence = sequence + 1
  redis.call('XADD', log_key, whole(sequence) .. '-1', 'at', whole(now), 'entry', entry)
end
if decision.trimLogBefore then redis.call('XTRIM', log_key, 'MINID', whole(math.max(0, decision.trimLogBefore))) end
-- A lane is never over, and nobody reads what it did long ago, or what a commit of a queue went through.
if not is_subject(record) then redis.call('XTRIM', log_key, 'MAXLEN', plain_log_kept) end
redis.call('HSET', record_key, 'version', next_version, 'value', decision.record, 'sequence', whole(sequence),
  'schema', whole(decision.schema))
if decision.tells then redis.call('HSET', record_key, 'told', next_version) end
leave_census(record, counted)
for _, name in ipairs(seats) do redis.call('SADD', census_key(name), record) end
if #seats > 0 then
  redis.call('HSET', record_key, 'census', cjson.encode(seats))
else
  redis.call('HDEL', record_key, 'census')
end

fill_pots(pots)

local called = {}
local function free(id)
  local names = freed[id]
  give_back(record .. ' ' .. id, names.held, names.waits)
  redis.call('HDEL', outbox_key, id .. '|permits', id .. '|waits')
  for _, name in ipairs(names.held) do called[#called + 1] = name end
  for _, name in ipairs(names.waits) do called[#called + 1] = name end
end
for index, change in ipairs(decision.outbox) do
  change_outbox(record, change, next_version .. '.' .. string.format('%04d', index), free)
end
for _, answer in ipairs(decision.answers) do answer_request(answer.key, answer.answer) end
for _, alias in ipairs(decision.aliases) do set_alias(alias, record, holder) end

if redis.call('XLEN', inbox_key) > 0 then
  redis.call('ZADD', due_key, whole(now), record)
elseif decision.wakeAt then
  redis.call('ZADD', due_key, whole(decision.wakeAt), record)
else
  redis.call('ZREM', due_key, record)
end
if is_waiting(record) then redis.call('ZADD', due_key, 'LT', whole(now + come_back_ms), record) end
if is_subject(record) then redis.call('ZADD', subjects_key, whole(now), record) end
redis.call('SADD', repository_key(record), record)
for _, name in ipairs(called) do call_waiting(name) end
return { 'saved', next_version }
