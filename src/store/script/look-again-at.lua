-- Sets when a record is due next. ARGV: prefix, record, moment (epoch ms) or '' for never, version looked at or ''.
-- Returns 1, or 0 when somebody saved since or when something waits to be decided on.
local base = ARGV[1] .. ':subject:' .. ARGV[2]
if ARGV[4] ~= '' then
  if (redis.call('HGET', base .. ':record', 'version') or '0') ~= ARGV[4] then return 0 end
  if redis.call('XLEN', base .. ':inbox') > 0 then return 0 end
end
-- Nothing is written above this line.
if ARGV[3] == '' then
  redis.call('ZREM', ARGV[1] .. ':due', ARGV[2])
else
  redis.call('ZADD', ARGV[1] .. ':due', ARGV[3], ARGV[2])
end
return 1
