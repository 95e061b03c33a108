-- Deletions whose time has come, each put off. ARGV: limit, defer (ms). Returns deletions (JSON).
local ledger_due_key, ledger_key = prefix .. ':deletion:due', prefix .. ':deletion:ledger'
must_be('hash', ledger_key)
local due = redis.call('ZRANGEBYSCORE', ledger_due_key, '-inf', whole(now), 'LIMIT', 0, ARGV[2])
local put_off = whole(now + tonumber(ARGV[3]))
local taken = {}
for _, id in ipairs(due) do taken[#taken + 1] = redis.call('HGET', ledger_key, id) end
-- Nothing is written above this line.
for _, id in ipairs(due) do redis.call('ZADD', ledger_due_key, put_off, id) end
return taken
