-- ARGV: record, sequence after which to begin, limit or ''. Returns { first sequence that is kept, entries }.
local record, after, limit = ARGV[2], ARGV[3], ARGV[4]
local log_key = key_of(record, 'log')
local removed = tonumber(redis.call('GET', key_of(record, 'removed')) or '')
if removed and now >= removed + farewell_ms then return { '1', {} } end
local range = { '(' .. after .. '-1', '+' }
if limit ~= '' then range = { range[1], range[2], 'COUNT', limit } end
local oldest = redis.call('XRANGE', log_key, '-', '+', 'COUNT', 1)[1]
local sequence = tonumber(redis.call('HGET', key_of(record, 'record'), 'sequence') or '0')
local floor = oldest and string.match(oldest[1], '^%d+') or whole(sequence + 1)
return { floor, redis.call('XRANGE', log_key, unpack(range)) }
