-- Extends a lease with its permits and reads the stop flag in one step. ARGV: record, action id, token, lease (ms).
-- Returns 'held' | 'cancelled' | 'lost'. A cancelled holder keeps its lease while it cleans up. A lease that ran out is
-- lost, also while nobody else has it: a decision may have seen it end, and may be about to hand the action out again.
local record, id, token, lease_ms = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local outbox_key, place = key_of(record, 'outbox'), record .. ' ' .. id
if redis.call('HGET', outbox_key, id .. '|token') ~= token then return 'lost' end
if tonumber(redis.call('HGET', outbox_key, id .. '|lease')) <= now then return 'lost' end
local permits = read_names(record, id, 'permits')
check_permits(permits)
for _, name in ipairs(permits) do
  -- It was late, and somebody else has the place by now.
  if not redis.call('ZSCORE', permit_key(name, 'held'), place) then return 'lost' end
end
local is_cancelled = redis.call('HGET', outbox_key, id .. '|cancelled') == '1'
local lease_until = whole(now + lease_ms)
-- Nothing is written above this line.
redis.call('HSET', outbox_key, id .. '|lease', lease_until)
for _, name in ipairs(permits) do redis.call('ZADD', permit_key(name, 'held'), lease_until, place) end
return is_cancelled and 'cancelled' or 'held'
