-- A permit has holders (score: end of the lease), a line of whoever waits (score: ticket) and when each last asked. A
-- place in it is named by record and action; names of records hold no blank.
local limits_key, ticket_key = prefix .. ':permit-limits', prefix .. ':permit-ticket'
-- Whoever waits and has not asked for this long has lost its place.
local patience_ms = 60000
-- Whoever waits is looked at again after this long at the latest.
local come_back_ms = 20000

local function permit_key(name, part)
  return prefix .. ':permit:' .. name .. ':' .. part
end

local function check_permits(names)
  must_be('hash', limits_key)
  must_be('string', ticket_key)
  must_be('zset', due_key)
  for _, name in ipairs(names) do
    must_be('zset', permit_key(name, 'held'), permit_key(name, 'line'), permit_key(name, 'asked'))
  end
end

-- The names in a field of an action: the permits that it holds, or those that it waits for.
local function read_names(record, id, field)
  local names = redis.call('HGET', key_of(record, 'outbox'), id .. '|' .. field)
  return names and cjson.decode(names) or {}
end

local function count_held(name)
  return redis.call('ZCOUNT', permit_key(name, 'held'), '(' .. whole(now), '+inf')
end

local function list_waiting(name)
  local waiting = {}
  for _, place in ipairs(redis.call('ZRANGE', permit_key(name, 'line'), 0, -1)) do
    local asked = tonumber(redis.call('ZSCORE', permit_key(name, 'asked'), place) or '0')
    if asked > now - patience_ms then waiting[#waiting + 1] = place end
  end
  return waiting
end

-- The ticket under which a place waits in any of these lines.
local function find_ticket(names, place)
  for _, name in ipairs(names) do
    local found = redis.call('ZSCORE', permit_key(name, 'line'), place)
    if found then return tonumber(found) end
  end
  return nil
end

local function leave_line(name, place)
  redis.call('ZREM', permit_key(name, 'line'), place)
  redis.call('ZREM', permit_key(name, 'asked'), place)
end

local function is_waiting(record)
  for _, field in ipairs(redis.call('HKEYS', key_of(record, 'outbox'))) do
    if string.sub(field, -6) == '|waits' then return true end
  end
  return false
end

-- Gives back what an action holds and where it waits.
local function give_back(place, held, waits)
  for _, name in ipairs(held) do redis.call('ZREM', permit_key(name, 'held'), place) end
  for _, name in ipairs(waits) do leave_line(name, place) end
end

-- Whoever can be served now is due now.
local function call_waiting(name)
  local limit = tonumber(redis.call('HGET', limits_key, name) or '0')
  local waiting = list_waiting(name)
  for i = 1, math.min(limit - count_held(name), #waiting) do
    redis.call('ZADD', due_key, 'LT', whole(now), string.match(waiting[i], '^%S+'))
  end
  if redis.call('EXISTS', permit_key(name, 'held'), permit_key(name, 'line')) == 0 then
    redis.call('HDEL', limits_key, name)
  end
end
