-- Reads a subject in one step. ARGV: prefix, subject. Returns { now, version, record or '', inbox, outbox fields }.
local base = ARGV[1] .. ':subject:' .. ARGV[2]
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local version = redis.call('HGET', base .. ':record', 'version') or '0'
local record = redis.call('HGET', base .. ':record', 'value') or ''
return { now, version, record, redis.call('XRANGE', base .. ':inbox', '-', '+'), redis.call('HGETALL', base .. ':outbox') }
