-- Extends a lease and reads the stop flag in one step. ARGV: prefix, subject, action id, token, lease (ms).
-- Returns 'held' | 'cancelled' | 'lost'. A cancelled holder keeps its lease while it cleans up.
local outboxKey = ARGV[1] .. ':subject:' .. ARGV[2] .. ':outbox'
local id, token = ARGV[3], ARGV[4]
if redis.call('HGET', outboxKey, id .. '|token') ~= token then return 'lost' end
local time = redis.call('TIME')
local leaseUntil = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[5]))
redis.call('HSET', outboxKey, id .. '|lease', leaseUntil)
if redis.call('HGET', outboxKey, id .. '|cancelled') == '1' then return 'cancelled' end
return 'held'
