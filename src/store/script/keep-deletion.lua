-- Keeps what became of a deletion. ARGV: id, deletion (JSON), due at (ms).
local ledger_due_key, ledger_key = prefix .. ':deletion:due', prefix .. ':deletion:ledger'
must_be('hash', ledger_key)
must_be('zset', ledger_due_key)
-- Nothing is written above this line.
redis.call('HSET', ledger_key, ARGV[2], ARGV[3])
redis.call('ZADD', ledger_due_key, ARGV[4], ARGV[2])
return 1
