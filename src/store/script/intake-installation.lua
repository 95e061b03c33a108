-- Keeps what happened to an installation. ARGV: delivery, hash of its body, installation id, change (JSON).
-- Returns 'kept' | 'duplicate' | 'mismatch'.
local delivery_key, hash, installation, change = prefix .. ':delivery:' .. ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local log_key, newest_key = prefix .. ':installation:log', prefix .. ':installation:newest'
local known = find_delivery(delivery_key, hash)
if known then return known end
must_be('stream', log_key)
must_be('hash', newest_key)
-- Nothing is written above this line.
redis.call('XADD', log_key, 'MAXLEN', '~', '1000', '*', 'installation', installation, 'change', change)
redis.call('HSET', newest_key, installation, change)
keep_delivery(delivery_key, hash)
return 'kept'
