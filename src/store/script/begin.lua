-- Takes a pending action under a lease. ARGV: prefix, subject, action id, dispatch, token, lease (ms).
-- Returns { 'begun', lease end, action, '1' when it is only to be settled } | { 'refused', why }.
local prefix, subject, id, dispatch, token, lease = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local outboxKey = prefix .. ':subject:' .. subject .. ':outbox'
local state = redis.call('HGET', outboxKey, id .. '|state')
if not state then return { 'refused', 'gone' } end
if redis.call('HGET', outboxKey, id .. '|dispatch') ~= dispatch then return { 'refused', 'superseded' } end
if state ~= 'pending' then return { 'refused', 'held' } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local notBefore = tonumber(redis.call('HGET', outboxKey, id .. '|notBefore') or '0')
if now < notBefore then return { 'refused', 'early' } end
-- Nothing is written above this line.
local leaseUntil = string.format('%.0f', now + tonumber(lease))
redis.call('HSET', outboxKey, id .. '|state', 'begun', id .. '|token', token, id .. '|lease', leaseUntil)
redis.call('ZADD', prefix .. ':due', 'LT', leaseUntil, subject)
return { 'begun', leaseUntil, redis.call('HGET', outboxKey, id .. '|action'), redis.call('HGET', outboxKey, id .. '|settling') or '0' }
