-- Counts one more failed decision. ARGV: record, name. Returns how many there were.
local record, name = ARGV[2], ARGV[3]
local trouble_key = key_of(record, 'trouble')
local times = (tonumber(redis.call('HGET', trouble_key, name) or '0') or 0) + 1
-- Of a record that keeps nothing there is nothing to count.
local is_counted = is_known(record)
-- Nothing is written above this line.
if is_counted then redis.call('HSET', trouble_key, name, whole(times)) end
return times
