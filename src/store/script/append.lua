-- Keeps a result or a message of ours. ARGV: record, event id, event (JSON), the action that a result is of or ''.
-- Returns 1, or 0 when it was kept before or belongs to nothing.
local asked, id, event, action = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
-- A result belongs to the record that holds its action, also when that record has become an alias since.
local is_own = action ~= '' and redis.call('HEXISTS', key_of(asked, 'outbox'), action .. '|state') == 1
local record = is_own and asked or resolve(asked)
check_inbox(record)
if redis.call('HEXISTS', key_of(record, 'ids'), id) == 1 then return 0 end
if not is_known(record) then
  if action ~= '' or not is_service(record) then return 0 end
  -- No lease is longer than this, so nothing that was under way at the removal comes later.
  local removed = tonumber(redis.call('GET', key_of(record, 'removed')) or '')
  if removed and now < removed + 60000 then return 0 end
end
local fields = { 'id', id, 'event', event }
if action ~= '' then fields = { 'id', id, 'action', action, 'event', event } end
-- Nothing is written above this line.
keep(record, fields)
return 1
