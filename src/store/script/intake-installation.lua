-- Keeps what happened to an installation. ARGV: prefix, delivery key, TTL (s), installation id, change (JSON).
-- Returns 'kept' | 'duplicate'.
local deliveryKey = ARGV[1] .. ':delivery:' .. ARGV[2]
if redis.call('EXISTS', deliveryKey) == 1 then return 'duplicate' end
-- Nothing is written above this line.
redis.call('SET', deliveryKey, 'installation', 'EX', ARGV[3])
redis.call('XADD', ARGV[1] .. ':installation:log', 'MAXLEN', '~', '1000', '*', 'installation', ARGV[4], 'change', ARGV[5])
redis.call('HSET', ARGV[1] .. ':installation:newest', ARGV[4], ARGV[5])
return 'kept'
