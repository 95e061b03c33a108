-- ARGV: id of a deletion.
local ledger_due_key, ledger_key = prefix .. ':deletion:due', prefix .. ':deletion:ledger'
must_be('hash', ledger_key)
must_be('zset', ledger_due_key)
-- Nothing is written above this line.
redis.call('HDEL', ledger_key, ARGV[2])
redis.call('ZREM', ledger_due_key, ARGV[2])
return 1
