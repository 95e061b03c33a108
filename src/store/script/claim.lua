-- ARGV: name, TTL (ms). Returns 1 for the first caller within the time, else 0.
local claim_key = prefix .. ':claim:' .. ARGV[2]
if (tonumber(redis.call('GET', claim_key) or '') or 0) > now then return 0 end
local claimed_until = whole(now + tonumber(ARGV[3]))
-- Nothing is written above this line.
redis.call('SET', claim_key, claimed_until, 'PXAT', claimed_until)
return 1
