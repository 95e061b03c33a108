-- Puts a parked event back into its inbox, or into the one of whoever speaks for its record by now.
-- ARGV: id of the parked event. Returns 1, or 0 when it is parked no more.
local parked_id = ARGV[2]
local parked_key, list_key = prefix .. ':parked:' .. parked_id, prefix .. ':parked'
must_be('zset', list_key)
local record = redis.call('HGET', parked_key, 'record')
if not record then return 0 end
local id, fields = redis.call('HGET', parked_key, 'id'), {}
for _, name in ipairs({ 'id', 'repository', 'action', 'event' }) do
  local value = redis.call('HGET', parked_key, name)
  if value then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end
check_inbox(record)
check_parts(record, 'outbox', 'parked')
local action = field_of(fields, 'action')
local is_own = action and redis.call('HEXISTS', key_of(record, 'outbox'), action .. '|state') == 1
local holder = is_own and record or resolve(record)
check_inbox(holder)
local is_moved = holder ~= record
local is_fresh = not is_moved or redis.call('HEXISTS', key_of(holder, 'ids'), id) == 0
-- Nothing is written above this line.
redis.call('DEL', parked_key)
redis.call('ZREM', list_key, parked_id)
redis.call('SREM', key_of(record, 'parked'), parked_id)
if is_moved then set_handled(record, id) end
if is_fresh then keep(holder, fields) end
return 1
