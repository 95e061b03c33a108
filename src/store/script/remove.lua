-- Ends a record for good. ARGV: record, what the log says last (JSON), version or ''. Its deliveries stay known.
-- Returns 1, or 0 when it is at another version or something waits for it; without a version it ends all the same.
local record, farewell, version = ARGV[2], ARGV[3], ARGV[4]
local outbox_key, inbox_key, log_key, removed_key =
  key_of(record, 'outbox'), key_of(record, 'inbox'), key_of(record, 'log'), key_of(record, 'removed')
local parked_list_key = prefix .. ':parked'
check_parts(record, 'record', 'inbox', 'outbox', 'log', 'parked', 'aliases', 'lives', 'removed')
must_be('hash', alias_key)
must_be('zset', due_key, subjects_key, parked_list_key)
must_be('set', repository_key(record))

if version ~= '' then
  local is_there = (redis.call('HGET', key_of(record, 'record'), 'version') or '0') == version
  if not is_there or redis.call('XLEN', inbox_key) > 0 then return 0 end
end
local counted = read_census(record)
check_census(counted)
local obsolete = {}
for part in pairs(part_types) do
  if part ~= 'log' and part ~= 'removed' then obsolete[#obsolete + 1] = key_of(record, part) end
end
for _, action in ipairs(redis.call('SMEMBERS', key_of(record, 'lives'))) do
  obsolete[#obsolete + 1] = key_of(record, 'live:' .. action)
end
local event_ids = {}
for _, entry in ipairs(redis.call('XRANGE', inbox_key, '-', '+')) do event_ids[#event_ids + 1] = entry[2][2] end
local parked = redis.call('SMEMBERS', key_of(record, 'parked'))
for _, id in ipairs(parked) do
  local parked_key = prefix .. ':parked:' .. id
  must_be('hash', parked_key)
  event_ids[#event_ids + 1] = redis.call('HGET', parked_key, 'id') or ''
  obsolete[#obsolete + 1] = parked_key
end
for _, id in ipairs(event_ids) do obsolete[#obsolete + 1] = request_key_of(id) end

local freed = {}
local outbox = redis.call('HGETALL', outbox_key)
for i = 1, #outbox, 2 do
  local id, field = string.match(outbox[i], '^(.*)|(%a+)$')
  if field == 'permits' or field == 'waits' then
    local names = cjson.decode(outbox[i + 1])
    check_permits(names)
    for _, name in ipairs(names) do freed[#freed + 1] = { name = name, place = record .. ' ' .. id } end
  end
end
local aliases = {}
for _, alias in ipairs(redis.call('SMEMBERS', key_of(record, 'aliases'))) do
  if redis.call('HGET', alias_key, alias) == record then aliases[#aliases + 1] = alias end
end
local had_record = redis.call('EXISTS', key_of(record, 'record')) == 1
local newest = redis.call('XREVRANGE', log_key, '+', '-', 'COUNT', 1)[1]
local sequence = tonumber(redis.call('HGET', key_of(record, 'record'), 'sequence') or '0')
if newest then sequence = math.max(sequence, tonumber(string.match(newest[1], '^%d+'))) end
-- Nothing is written above this line.

leave_census(record, counted)
for _, key in ipairs(obsolete) do redis.call('DEL', key) end
for _, id in ipairs(parked) do redis.call('ZREM', parked_list_key, id) end
redis.call('HDEL', alias_key, record)
for _, alias in ipairs(aliases) do redis.call('HDEL', alias_key, alias) end
redis.call('ZREM', due_key, record)
redis.call('ZREM', subjects_key, record)
redis.call('SREM', repository_key(record), record)
for _, give in ipairs(freed) do
  redis.call('ZREM', permit_key(give.name, 'held'), give.place)
  leave_line(give.name, give.place)
end
for _, give in ipairs(freed) do call_waiting(give.name) end
if had_record then
  local last = whole(sequence + 1) .. '-1'
  redis.call('XADD', log_key, last, 'at', whole(now), 'entry', farewell)
  redis.call('XTRIM', log_key, 'MINID', last)
  redis.call('PEXPIREAT', log_key, whole(now + farewell_ms))
  redis.call('SET', removed_key, whole(now), 'PXAT', whole(now + farewell_ms))
end
return 1
