-- ARGV: bucket, capacity, tokens per second, amount, tokens to leave. Returns { 'taken' } | { 'wait', until }.
local bucket_key = prefix .. ':bucket:' .. ARGV[2]
local capacity, per_second, amount, leave = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local longest_wait_ms, longest_keep_ms = 86400000, 400 * 86400000
local tokens = tonumber(redis.call('HGET', bucket_key, 'tokens') or '') or capacity
local at = tonumber(redis.call('HGET', bucket_key, 'at') or '') or now
tokens = math.min(capacity, tokens + math.max(0, now - at) * per_second / 1000)
-- Whoever asks for more than there can be is served when the bucket is full.
local needed = math.min(amount + leave, capacity)
local is_short = tokens + 1e-9 < needed
local rest = tokens - amount
-- A full bucket is as good as none.
local full_ms = per_second > 0 and (capacity - rest) / per_second * 1000 + 1000 or longest_keep_ms
local wait_ms = per_second > 0 and math.ceil((needed - tokens) / per_second * 1000) or longest_wait_ms
-- Nothing is written above this line.
if is_short then
  -- A clock that was set back would have it wait for the moment that was.
  if at > now then redis.call('HSET', bucket_key, 'at', whole(now)) end
  return { 'wait', whole(now + math.min(wait_ms, longest_wait_ms)) }
end
redis.call('HSET', bucket_key, 'tokens', exact(rest), 'at', whole(now))
redis.call('PEXPIREAT', bucket_key, whole(now + math.min(math.max(full_ms, 1000), longest_keep_ms)))
return { 'taken' }
