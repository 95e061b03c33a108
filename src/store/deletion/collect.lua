-- Takes deletions into the ledger and moves the cursor over the installation log. KEYS[1]: prefix.
-- ARGV: expected cursor, next cursor, then triples of id, deletion (JSON), due at (ms). Returns 1, or 0 when the cursor
-- is elsewhere.
local prefix = KEYS[1]
if (redis.call('GET', prefix .. ':deletion:cursor') or '-') ~= ARGV[1] then return 0 end
-- Nothing is written above this line.
redis.call('SET', prefix .. ':deletion:cursor', ARGV[2])
-- What was collected is of no more use; nothing else shortens the log, however long nobody looks.
redis.call('XTRIM', prefix .. ':installation:log', 'MINID', ARGV[2])
for i = 3, #ARGV, 3 do
  redis.call('HSET', prefix .. ':deletion:ledger', ARGV[i], ARGV[i + 1])
  redis.call('ZADD', prefix .. ':deletion:due', ARGV[i + 2], ARGV[i])
end
return 1
