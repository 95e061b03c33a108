-- A request of the API has no end while it is pending. It is answered in the save that takes it, and from then on it is
-- remembered as long as it may be asked again.
local function remember_request(key)
  redis.call('HSET', key, 'until', whole(now + remember_ms))
  redis.call('PEXPIREAT', key, whole(now + remember_ms))
end

local function end_request(event_id)
  local key = request_key_of(event_id)
  if key and redis.call('EXISTS', key) == 1 then remember_request(key) end
end

local function answer_request(request, answer)
  local key = request_key_of(request_prefix .. request)
  local known_until = tonumber(redis.call('HGET', key, 'until') or '') or now + 1
  if redis.call('EXISTS', key) == 0 or known_until <= now then return end
  redis.call('HSET', key, 'answer', answer)
  remember_request(key)
end
