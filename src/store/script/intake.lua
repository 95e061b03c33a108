-- Keeps what a delivery said: once per delivery, and once per event whoever delivers it.
-- ARGV: prefix, delivery key, delivery TTL (s), subject, repository (JSON), 1 when it matters to a known subject only,
-- then pairs of event id and event (JSON). Returns { 'kept' | 'duplicate' | 'unknown_subject', subject that holds it }.
local prefix, delivery, ttl, asked, repository = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local subject = redis.call('HGET', prefix .. ':alias', asked) or asked
local deliveryKey = prefix .. ':delivery:' .. delivery
if redis.call('EXISTS', deliveryKey) == 1 then return { 'duplicate', subject } end
local base = prefix .. ':subject:' .. subject
if ARGV[6] == '1' and redis.call('EXISTS', base .. ':record') == 0 and redis.call('EXISTS', base .. ':inbox') == 0 then
  return { 'unknown_subject', subject }
end
local fresh = {}
for i = 7, #ARGV, 2 do
  if redis.call('HEXISTS', base .. ':ids', ARGV[i]) == 0 then fresh[#fresh + 1] = i end
end
-- Nothing is written above this line.
redis.call('SET', deliveryKey, subject, 'EX', ttl)
if #fresh == 0 then return { 'duplicate', subject } end
for _, i in ipairs(fresh) do
  redis.call('XADD', base .. ':inbox', '*', 'id', ARGV[i], 'repository', repository, 'event', ARGV[i + 1])
  redis.call('HSET', base .. ':ids', ARGV[i], 'kept')
end
local time = redis.call('TIME')
redis.call('ZADD', prefix .. ':due', 'LT', time[1] * 1000 + math.floor(time[2] / 1000), subject)
return { 'kept', subject }
