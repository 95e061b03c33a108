-- A delivery is remembered as its moment of being forgotten and the hash of its body.
local function find_delivery(key, hash)
  local known_until, known_hash = string.match(redis.call('GET', key) or '', '^(%d+) (.*)$')
  if not known_until or tonumber(known_until) <= now then return nil end
  return known_hash == hash and 'duplicate' or 'mismatch'
end

local function keep_delivery(key, hash)
  local known_until = whole(now + remember_ms)
  redis.call('SET', key, known_until .. ' ' .. hash, 'PXAT', known_until)
end
