-- Deletions whose time has come, each put off. KEYS[1]: prefix. ARGV: limit, defer (ms). Returns deletions (JSON).
local due_key, ledger_key = KEYS[1] .. ':deletion:due', KEYS[1] .. ':deletion:ledger'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', due_key, '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[1])
local taken = {}
for _, id in ipairs(due) do
  redis.call('ZADD', due_key, string.format('%.0f', now + tonumber(ARGV[2])), id)
  taken[#taken + 1] = redis.call('HGET', ledger_key, id)
end
return taken
