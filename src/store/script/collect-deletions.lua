-- Takes deletions into the ledger and moves the cursor over the installation log.
-- ARGV: expected cursor, next cursor, list of { id, deletion (JSON), dueAt (ms) } as JSON: a call takes only so many
-- arguments. Returns 1, or 0 when the cursor is elsewhere.
local cursor_key, log_key = prefix .. ':deletion:cursor', prefix .. ':installation:log'
local ledger_key, ledger_due_key = prefix .. ':deletion:ledger', prefix .. ':deletion:due'
local deletions = cjson.decode(ARGV[4])
must_be('string', cursor_key)
must_be('stream', log_key)
must_be('hash', ledger_key)
must_be('zset', ledger_due_key)
if (redis.call('GET', cursor_key) or '-') ~= ARGV[2] then return 0 end
-- Nothing is written above this line.
for _, each in ipairs(deletions) do
  redis.call('HSET', ledger_key, each.id, each.deletion)
  redis.call('ZADD', ledger_due_key, whole(each.dueAt), each.id)
end
redis.call('SET', cursor_key, ARGV[3])
-- What was collected is of no more use; nothing else shortens the log, however long nobody looks.
redis.call('XTRIM', log_key, 'MINID', ARGV[3])
return 1
