local request_prefix = 'request/'

local function request_key_of(event_id)
  if string.sub(event_id, 1, #request_prefix) ~= request_prefix then return nil end
  return prefix .. ':request:' .. string.sub(event_id, #request_prefix + 1)
end

local function is_comment(event_id)
  return string.sub(event_id, 1, 8) == 'comment/'
end

-- An entry of the inbox is a list of names and values that begins with the event's id.
local function field_of(fields, name)
  for i = 1, #fields, 2 do
    if fields[i] == name then return fields[i + 1] end
  end
end

local function is_known(record)
  return redis.call('EXISTS', key_of(record, 'record')) == 1 or redis.call('XLEN', key_of(record, 'inbox')) > 0
end

local function check_inbox(record)
  check_parts(record, 'record', 'inbox', 'ids', 'handled')
  must_be('zset', due_key)
  must_be('set', repository_key(record))
end

local function keep(record, fields)
  redis.call('XADD', key_of(record, 'inbox'), '*', unpack(fields))
  redis.call('HSET', key_of(record, 'ids'), fields[2], 'kept')
  redis.call('SADD', repository_key(record), record)
  redis.call('ZADD', due_key, 'LT', whole(now), record)
end

local function set_handled(record, id)
  redis.call('HSET', key_of(record, 'ids'), id, 'handled')
  redis.call('ZADD', key_of(record, 'handled'), whole(now), id)
end
