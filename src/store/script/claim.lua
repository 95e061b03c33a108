-- ARGV: name, TTL (ms), token of the caller. Returns 1 for the first caller within the time, also when the client sends
-- it again because the answer was lost, else 0.
local claim_key, token = prefix .. ':claim:' .. ARGV[2], ARGV[4]
local known_until, owner = string.match(redis.call('GET', claim_key) or '', '^(%d+) (.*)$')
if known_until and tonumber(known_until) > now then return owner == token and 1 or 0 end
local claimed_until = whole(now + tonumber(ARGV[3]))
-- Nothing is written above this line.
redis.call('SET', claim_key, claimed_until .. ' ' .. token, 'PXAT', claimed_until)
return 1
