-- Keeps what happened to an installation until it is collected. ARGV: delivery, hash of its body, installation id, change (JSON).
-- Returns 'kept' | 'duplicate' | 'mismatch'.
local delivery_key, hash, installation, change = prefix .. ':delivery:' .. ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local log_key = prefix .. ':installation:log'
local known = find_delivery(delivery_key, hash)
if known then return known end
must_be('stream', log_key)
-- Nothing is written above this line.
redis.call('XADD', log_key, '*', 'installation', installation, 'change', change)
keep_delivery(delivery_key, hash)
return 'kept'
