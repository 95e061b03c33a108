-- Deletions whose time has come, each put off. ARGV: prefix, limit, defer (ms). Returns a list of deletions (JSON).
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', ARGV[1] .. ':deletion:due', '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[2])
local taken = {}
for _, id in ipairs(due) do
  redis.call('ZADD', ARGV[1] .. ':deletion:due', string.format('%.0f', now + tonumber(ARGV[3])), id)
  taken[#taken + 1] = redis.call('HGET', ARGV[1] .. ':deletion:ledger', id)
end
return taken
