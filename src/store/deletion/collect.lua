-- Takes deletions into the ledger and moves the cursor over the installation log. KEYS[1]: prefix.
-- ARGV: expected cursor, next cursor, list of { id, deletion (JSON), dueAt (ms) } as JSON: a call takes only so many
-- arguments. Returns 1, or 0 when the cursor is elsewhere.
local prefix, deletions = KEYS[1], cjson.decode(ARGV[3])
if (redis.call('GET', prefix .. ':deletion:cursor') or '-') ~= ARGV[1] then return 0 end
-- Nothing is written above this line.
redis.call('SET', prefix .. ':deletion:cursor', ARGV[2])
-- What was collected is of no more use; nothing else shortens the log, however long nobody looks.
redis.call('XTRIM', prefix .. ':installation:log', 'MINID', ARGV[2])
for _, each in ipairs(deletions) do
  redis.call('HSET', prefix .. ':deletion:ledger', each.id, each.deletion)
  redis.call('ZADD', prefix .. ':deletion:due', string.format('%.0f', each.dueAt), each.id)
end
return 1
