-- Takes an event out of the inbox and sets it aside. ARGV: record, entry, why. Returns 1, or 0 when it is not there.
local record, entry_id, why = ARGV[2], ARGV[3], ARGV[4]
local parked_id = record .. '#' .. entry_id
local parked_key, list_key = prefix .. ':parked:' .. parked_id, prefix .. ':parked'
check_parts(record, 'inbox', 'ids', 'trouble', 'parked')
must_be('hash', parked_key)
must_be('zset', list_key)
local entry = redis.call('XRANGE', key_of(record, 'inbox'), entry_id, entry_id)[1]
if not entry then return 0 end
local id = entry[2][2]
-- Nothing is written above this line.
redis.call('HSET', parked_key, unpack(entry[2]))
redis.call('HSET', parked_key, 'record', record, 'why', why, 'at', whole(now))
redis.call('ZADD', list_key, whole(now), parked_id)
redis.call('SADD', key_of(record, 'parked'), parked_id)
redis.call('XDEL', key_of(record, 'inbox'), entry_id)
redis.call('HSET', key_of(record, 'ids'), id, 'parked')
redis.call('HDEL', key_of(record, 'trouble'), id)
return 1
