-- ARGV: place, holder (for people), TTL (ms). The first place is everybody's for as long as somebody renews it. Returns the
-- holder of another one, or ''.
local place_key = prefix .. ':place'
must_be('string', place_key)
local place, holder = string.match(redis.call('GET', place_key) or '', '^(%S+) (.*)$')
if place and place ~= ARGV[2] then return holder end
-- Nothing is written above this line.
redis.call('SET', place_key, ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
return ''
