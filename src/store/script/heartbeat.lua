-- Extends a lease and reads the stop flag in one step. ARGV: prefix, subject, action id, token, lease (ms).
-- Returns 'held' | 'cancelled' | 'lost'. A cancelled holder keeps its lease while it cleans up. A lease that ran out is
-- lost, also while nobody else has it: a decision may have seen it end, and may be about to hand the action out again.
local outboxKey = ARGV[1] .. ':subject:' .. ARGV[2] .. ':outbox'
local id, token = ARGV[3], ARGV[4]
if redis.call('HGET', outboxKey, id .. '|token') ~= token then return 'lost' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if tonumber(redis.call('HGET', outboxKey, id .. '|lease')) <= now then return 'lost' end
local leaseUntil = string.format('%.0f', now + tonumber(ARGV[5]))
redis.call('HSET', outboxKey, id .. '|lease', leaseUntil)
if redis.call('HGET', outboxKey, id .. '|cancelled') == '1' then return 'cancelled' end
return 'held'
