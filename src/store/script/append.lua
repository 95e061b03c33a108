-- Keeps one result of ours. ARGV: prefix, subject, event id, event (JSON). Returns 1, or 0 when it was kept before.
local prefix, asked, id, event = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local subject = redis.call('HGET', prefix .. ':alias', asked) or asked
local base = prefix .. ':subject:' .. subject
if redis.call('HEXISTS', base .. ':ids', id) == 1 then return 0 end
-- Nothing is written above this line.
redis.call('XADD', base .. ':inbox', '*', 'id', id, 'event', event)
redis.call('HSET', base .. ':ids', id, 'kept')
local time = redis.call('TIME')
redis.call('ZADD', prefix .. ':due', 'LT', time[1] * 1000 + math.floor(time[2] / 1000), subject)
return 1
