-- Subjects whose time has come, each put off so that sweepers of other processes leave it alone for a while.
-- ARGV: prefix, limit, defer (ms). Returns a list of subjects.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', ARGV[1] .. ':due', '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[2])
for _, subject in ipairs(due) do
  redis.call('ZADD', ARGV[1] .. ':due', string.format('%.0f', now + tonumber(ARGV[3])), subject)
end
return due
