-- Sets when a record is due next. ARGV: record, moment (epoch ms) or '' for never, version looked at or ''.
-- Returns 1, or 0 when somebody saved since or when something waits to be decided on.
local record, moment, version = ARGV[2], ARGV[3], ARGV[4]
if version ~= '' then
  if (redis.call('HGET', key_of(record, 'record'), 'version') or '0') ~= version then return 0 end
  if redis.call('XLEN', key_of(record, 'inbox')) > 0 then return 0 end
end
must_be('zset', due_key)
local is_in_line = is_waiting(record)
-- Nothing is written above this line.
if moment == '' then
  redis.call('ZREM', due_key, record)
else
  redis.call('ZADD', due_key, moment, record)
end
if is_in_line then redis.call('ZADD', due_key, 'LT', whole(now + come_back_ms), record) end
return 1
