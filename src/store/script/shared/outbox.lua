-- An action of the outbox is a handful of fields of one hash, each named `id|field`.
local function forget_action(record, id)
  redis.call('HDEL', key_of(record, 'outbox'), id .. '|action', id .. '|order', id .. '|dispatch', id .. '|state',
    id .. '|token', id .. '|lease', id .. '|since', id .. '|cancelled', id .. '|notBefore', id .. '|settling')
end

local function add_action(record, id, action, order, not_before)
  local outbox_key = key_of(record, 'outbox')
  redis.call('HSET', outbox_key, id .. '|action', action, id .. '|order', order, id .. '|dispatch', '1', id .. '|state',
    'pending')
  if not_before then redis.call('HSET', outbox_key, id .. '|notBefore', whole(not_before)) end
end

local function redispatch_action(record, id, dispatch, is_settling)
  local outbox_key = key_of(record, 'outbox')
  redis.call('HDEL', outbox_key, id .. '|token', id .. '|lease', id .. '|since', id .. '|cancelled')
  redis.call('HSET', outbox_key, id .. '|state', 'pending', id .. '|dispatch', whole(dispatch))
  if is_settling then redis.call('HSET', outbox_key, id .. '|settling', '1') end
end

-- Whoever began it between the look and its save, or has a lease that still holds, is not replaced.
local function has_live_holder(record, id)
  local lease = redis.call('HGET', key_of(record, 'outbox'), id .. '|lease')
  return lease and tonumber(lease) > now
end

-- `free` gives back the permits of an action and its places in lines.
local function change_outbox(record, change, order, free)
  local id = change.id
  local state = redis.call('HGET', key_of(record, 'outbox'), id .. '|state')
  if change.kind == 'add' then
    if not state then add_action(record, id, change.action, order, change.notBefore) end
  elseif change.kind == 'remove' and state or change.kind == 'cancel' and state == 'pending' then
    free(id)
    forget_action(record, id)
  elseif change.kind == 'cancel' and state == 'begun' then
    redis.call('HSET', key_of(record, 'outbox'), id .. '|cancelled', '1')
  elseif change.kind == 'redispatch' and state and has_live_holder(record, id) then
    -- It is told to end; the next look settles what it leaves.
    if change.isSettling then redis.call('HSET', key_of(record, 'outbox'), id .. '|cancelled', '1') end
  elseif change.kind == 'redispatch' and state then
    free(id)
    redispatch_action(record, id, change.dispatch, change.isSettling)
  end
end
