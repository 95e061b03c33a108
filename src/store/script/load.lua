-- Reads a record in one step. ARGV: record. Returns { now, version, record or '', inbox, outbox fields }.
local record_key = key_of(ARGV[2], 'record')
local version = redis.call('HGET', record_key, 'version') or '0'
local record = redis.call('HGET', record_key, 'value') or ''
local inbox = redis.call('XRANGE', key_of(ARGV[2], 'inbox'), '-', '+')
return { whole(now), version, record, inbox, redis.call('HGETALL', key_of(ARGV[2], 'outbox')) }
