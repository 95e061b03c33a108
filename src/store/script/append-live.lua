-- Keeps a line of what an agent shows, the newest ones only. ARGV: subject, action id, line, lines kept, TTL (s).
local subject, action, line, kept, ttl = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local live_key, lives_key = key_of(subject, 'live:' .. action), key_of(subject, 'lives')
if redis.call('EXISTS', key_of(subject, 'record')) == 0 then return 0 end
check_parts(subject, 'lives')
must_be('stream', live_key)
-- Nothing is written above this line.
redis.call('XADD', live_key, 'MAXLEN', '~', kept, '*', 'line', line)
redis.call('EXPIRE', live_key, ttl)
redis.call('SADD', lives_key, action)
redis.call('EXPIRE', lives_key, ttl)
return 1
