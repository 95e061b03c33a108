-- Keeps a request of the API once per idempotency key. ARGV: subject, key, hash of the body, event (JSON).
-- Returns { 'kept' | 'pending' | 'mismatch' | 'unknown_subject' } | { 'answered', answer (JSON) }.
local key, hash, event = ARGV[3], ARGV[4], ARGV[5]
local id = request_prefix .. key
local request_key = request_key_of(id)
must_be('hash', request_key)
local known_hash = redis.call('HGET', request_key, 'hash')
local known_until = tonumber(redis.call('HGET', request_key, 'until') or '')
if known_hash and (not known_until or known_until > now) then
  if known_hash ~= hash then return { 'mismatch' } end
  local answer = redis.call('HGET', request_key, 'answer')
  return answer and { 'answered', answer } or { 'pending' }
end
local subject = resolve(ARGV[2])
check_inbox(subject)
if redis.call('EXISTS', key_of(subject, 'record')) == 0 then return { 'unknown_subject' } end
local state = redis.call('HGET', key_of(subject, 'ids'), id)
-- Nothing is written above this line.
-- It has no end while it is pending: the save that takes it sets one.
redis.call('DEL', request_key)
redis.call('HSET', request_key, 'hash', hash)
if state == 'kept' or state == 'parked' then return { 'pending' } end
-- One that was handled so long ago that its answer is forgotten is a new request.
redis.call('ZREM', key_of(subject, 'handled'), id)
keep(subject, { 'id', id, 'event', event })
return { 'kept' }
