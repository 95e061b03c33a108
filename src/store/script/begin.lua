-- Takes a pending action under a lease, with all its permits or with none.
-- ARGV: record, action id, dispatch, token, lease (ms), then pairs of permit name and limit.
-- Returns { 'begun', lease end, action, '1' when it is only to be settled, not before or '', since when or '' }
--   | { 'refused', why } | { 'refused', 'full', permit, how many are before it }.
local record, id, dispatch, token, lease_ms = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local outbox_key, place = key_of(record, 'outbox'), record .. ' ' .. id
local state = redis.call('HGET', outbox_key, id .. '|state')
if not state then return { 'refused', 'gone' } end
if redis.call('HGET', outbox_key, id .. '|dispatch') ~= dispatch then return { 'refused', 'superseded' } end
local not_before = redis.call('HGET', outbox_key, id .. '|notBefore') or ''
local action = redis.call('HGET', outbox_key, id .. '|action')
local settling = redis.call('HGET', outbox_key, id .. '|settling') or '0'
if state ~= 'pending' then
  -- The client asks again when the answer was lost on the way: whoever took it has it.
  local lease = redis.call('HGET', outbox_key, id .. '|lease')
  local is_mine = redis.call('HGET', outbox_key, id .. '|token') == token and tonumber(lease) > now
  local since = redis.call('HGET', outbox_key, id .. '|since') or ''
  return is_mine and { 'begun', lease, action, settling, not_before, since } or { 'refused', 'held' }
end
if now < (tonumber(not_before) or 0) then return { 'refused', 'early' } end

local names, limits = {}, {}
for i = 7, #ARGV, 2 do
  names[#names + 1] = ARGV[i]
  limits[ARGV[i]] = tonumber(ARGV[i + 1])
end
local waits = read_names(record, id, 'waits')
check_permits(names)
check_permits(waits)
local ticket = tonumber(redis.call('GET', ticket_key) or '0')
-- One ticket for all lines that it stands in, from when it first had to wait: two lines that put the same two in another
-- order would wait for each other.
local own_ticket = find_ticket(waits, place)
local blocked, full, full_ahead = {}, nil, 0
for _, name in ipairs(names) do
  local waiting = list_waiting(name)
  local ahead = #waiting
  for i, other in ipairs(waiting) do
    if other == place then ahead = i - 1 end
  end
  if ahead >= limits[name] - count_held(name) then
    blocked[name] = true
    if not full then full, full_ahead = name, ahead end
  end
end
local lease_until = whole(now + lease_ms)
-- Nothing is written above this line.

for _, name in ipairs(names) do
  redis.call('HSET', limits_key, name, limits[name])
  redis.call('ZREMRANGEBYSCORE', permit_key(name, 'held'), '-inf', whole(now))
  local gone = redis.call('ZRANGEBYSCORE', permit_key(name, 'asked'), '-inf', whole(now - patience_ms))
  for _, other in ipairs(gone) do leave_line(name, other) end
end
if full then
  local known = {}
  for _, name in ipairs(waits) do known[name] = true end
  for _, name in ipairs(names) do
    local is_in_line = redis.call('ZSCORE', permit_key(name, 'line'), place)
    if not is_in_line and blocked[name] then
      if not own_ticket then
        ticket = ticket + 1
        own_ticket = ticket
      end
      redis.call('ZADD', permit_key(name, 'line'), whole(own_ticket), place)
    end
    if is_in_line or blocked[name] then
      redis.call('ZADD', permit_key(name, 'asked'), whole(now), place)
      if not known[name] then waits[#waits + 1] = name end
    end
  end
  redis.call('SET', ticket_key, whole(ticket))
  redis.call('HSET', outbox_key, id .. '|waits', cjson.encode(waits))
  redis.call('ZADD', due_key, 'LT', whole(now + come_back_ms), record)
  return { 'refused', 'full', full, whole(full_ahead) }
end
for _, name in ipairs(waits) do leave_line(name, place) end
redis.call('HDEL', outbox_key, id .. '|waits')
for _, name in ipairs(names) do redis.call('ZADD', permit_key(name, 'held'), lease_until, place) end
if #names > 0 then redis.call('HSET', outbox_key, id .. '|permits', cjson.encode(names)) end
redis.call('HSET', outbox_key, id .. '|state', 'begun', id .. '|token', token, id .. '|lease', lease_until,
  id .. '|since', whole(now))
redis.call('ZADD', due_key, 'LT', lease_until, record)
return { 'begun', lease_until, action, settling, not_before, whole(now) }
