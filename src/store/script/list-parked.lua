-- ARGV: limit. Returns the newest parked events, each as { id, names and values }.
local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', prefix .. ':parked', 0, tonumber(ARGV[2]) - 1)) do
  found[#found + 1] = { id, redis.call('HGETALL', prefix .. ':parked:' .. id) }
end
return found
