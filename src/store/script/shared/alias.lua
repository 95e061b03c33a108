local function check_alias(alias)
  check_inbox(alias)
  check_parts(alias, 'outbox', 'trouble')
  must_be('hash', alias_key)
end

local function leads_to(from, to)
  for _ = 1, 64 do
    if from == to then return true end
    from = redis.call('HGET', alias_key, from)
    if not from then return false end
  end
  return true
end

-- What landed at the alias comes along, once. Results of its own actions stay where those are.
local function move_inbox(alias, holder)
  local alias_outbox_key, alias_inbox_key = key_of(alias, 'outbox'), key_of(alias, 'inbox')
  for _, entry in ipairs(redis.call('XRANGE', alias_inbox_key, '-', '+')) do
    local id, action = entry[2][2], field_of(entry[2], 'action')
    if not action or redis.call('HEXISTS', alias_outbox_key, action .. '|state') == 0 then
      if redis.call('HEXISTS', key_of(holder, 'ids'), id) == 0 then keep(holder, entry[2]) end
      redis.call('XDEL', alias_inbox_key, entry[1])
      redis.call('HDEL', key_of(alias, 'trouble'), id)
      set_handled(alias, id)
    end
  end
  -- A record of its own may still have something to come back to.
  local is_left = redis.call('EXISTS', alias_outbox_key, key_of(alias, 'record')) == 0
  if is_left and redis.call('XLEN', alias_inbox_key) == 0 then
    redis.call('ZREM', due_key, alias)
  end
end

-- From now on the thread is this record. A circle would lead nowhere, so an alias that leads back is left as it is.
local function set_alias(alias, record, holder)
  if leads_to(record, alias) then return end
  redis.call('HSET', alias_key, alias, record)
  redis.call('SADD', key_of(record, 'aliases'), alias)
  move_inbox(alias, holder)
end
