-- The one way in which a subject changes. Everything is checked first and written after: an error in the middle of a
-- script keeps its earlier writes, so below the line only commands stand that cannot fail on these keys.
-- ARGV: prefix, subject, expected version, decision (JSON: record, handled[{entry,id}], log[], outbox[], aliases[], wakeAt).
-- Strings inside the decision that are JSON themselves are never decoded here.
-- Returns { 'saved', version } | { 'moved' } | { 'already_handled', event id }.
local prefix, subject, expected = ARGV[1], ARGV[2], ARGV[3]
local decision = cjson.decode(ARGV[4])
local base = prefix .. ':subject:' .. subject
local recordKey, inboxKey, idsKey, logKey, outboxKey =
  base .. ':record', base .. ':inbox', base .. ':ids', base .. ':log', base .. ':outbox'

local version = redis.call('HGET', recordKey, 'version') or '0'
if version ~= expected then return { 'moved' } end
for _, handled in ipairs(decision.handled) do
  if redis.call('HGET', idsKey, handled.id) ~= 'kept' then return { 'already_handled', handled.id } end
end
-- Keys of the wrong type are the one way in which a later write could fail: find out now.
local types = { [recordKey] = 'hash', [inboxKey] = 'stream', [idsKey] = 'hash', [logKey] = 'stream', [outboxKey] = 'hash' }
for key, wanted in pairs(types) do
  local actual = redis.call('TYPE', key).ok
  if actual ~= 'none' and actual ~= wanted then return redis.error_reply('WRONGTYPE ' .. key .. ' holds a ' .. actual) end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local sequence = tonumber(redis.call('HGET', recordKey, 'sequence') or '0')
-- Nothing is written above this line.

local nextVersion = string.format('%.0f', tonumber(version) + 1)
redis.call('HSET', recordKey, 'version', nextVersion, 'value', decision.record)
for _, handled in ipairs(decision.handled) do
  redis.call('XDEL', inboxKey, handled.entry)
  redis.call('HSET', idsKey, handled.id, 'handled')
end
for _, entry in ipairs(decision.log) do
  sequence = sequence + 1
  redis.call('XADD', logKey, string.format('%.0f-1', sequence), 'at', string.format('%.0f', now), 'entry', entry)
end
redis.call('HSET', recordKey, 'sequence', string.format('%.0f', sequence))

local function forget(id)
  redis.call('HDEL', outboxKey, id .. '|action', id .. '|order', id .. '|dispatch', id .. '|state', id .. '|token',
    id .. '|lease', id .. '|cancelled', id .. '|notBefore', id .. '|settling')
end
for index, change in ipairs(decision.outbox) do
  local id = change.id
  local state = redis.call('HGET', outboxKey, id .. '|state')
  if change.kind == 'add' and not state then
    redis.call('HSET', outboxKey, id .. '|action', change.action, id .. '|order', nextVersion .. '.' .. string.format('%04d', index),
      id .. '|dispatch', '1', id .. '|state', 'pending')
    if change.notBefore then redis.call('HSET', outboxKey, id .. '|notBefore', string.format('%.0f', change.notBefore)) end
  elseif change.kind == 'remove' then
    forget(id)
  elseif change.kind == 'cancel' and state == 'pending' then
    forget(id)
  elseif change.kind == 'cancel' and state == 'begun' then
    redis.call('HSET', outboxKey, id .. '|cancelled', '1')
  elseif change.kind == 'redispatch' and state then
    redis.call('HDEL', outboxKey, id .. '|token', id .. '|lease', id .. '|cancelled')
    redis.call('HSET', outboxKey, id .. '|state', 'pending', id .. '|dispatch', string.format('%.0f', change.dispatch))
    if change.isSettling then redis.call('HSET', outboxKey, id .. '|settling', '1') end
  end
end

for _, alias in ipairs(decision.aliases) do
  redis.call('HSET', prefix .. ':alias', alias, subject)
  local other = prefix .. ':subject:' .. alias
  for _, entry in ipairs(redis.call('XRANGE', other .. ':inbox', '-', '+')) do
    local id = entry[2][2]
    if redis.call('HEXISTS', idsKey, id) == 0 then
      redis.call('XADD', inboxKey, '*', unpack(entry[2]))
      redis.call('HSET', idsKey, id, 'kept')
    end
    redis.call('XDEL', other .. ':inbox', entry[1])
    redis.call('HSET', other .. ':ids', id, 'handled')
  end
  redis.call('ZREM', prefix .. ':due', alias)
end

if redis.call('XLEN', inboxKey) > 0 then
  redis.call('ZADD', prefix .. ':due', now, subject)
elseif decision.wakeAt then
  redis.call('ZADD', prefix .. ':due', string.format('%.0f', decision.wakeAt), subject)
else
  redis.call('ZREM', prefix .. ':due', subject)
end
redis.call('ZADD', prefix .. ':subjects', now, subject)
return { 'saved', nextVersion }
