-- Records whose time has come, each put off so that sweepers of other processes leave it alone for a while.
-- ARGV: limit, defer (ms). Returns a list of records.
local due = redis.call('ZRANGEBYSCORE', due_key, '-inf', whole(now), 'LIMIT', 0, ARGV[2])
local put_off = whole(now + tonumber(ARGV[3]))
-- Nothing is written above this line.
for _, record in ipairs(due) do redis.call('ZADD', due_key, put_off, record) end
return due
