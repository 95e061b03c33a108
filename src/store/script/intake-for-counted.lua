-- Keeps what a delivery said for everybody who is counted under a name: once per delivery.
-- ARGV: delivery, hash of its body, name, repository (JSON), event id, event (JSON).
-- Returns { 'kept', records... } | { 'duplicate' | 'mismatch' | 'nobody' }.
local delivery_key, hash, name, repository, id, event =
  prefix .. ':delivery:' .. ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local known = find_delivery(delivery_key, hash)
if known then return { known } end
check_census({ name })
local records = redis.call('SMEMBERS', census_key(name))
if #records == 0 then return { 'nobody' } end
table.sort(records)
for _, record in ipairs(records) do check_inbox(record) end
-- Nothing is written above this line.
local answer = { 'kept' }
for _, record in ipairs(records) do
  if redis.call('HEXISTS', key_of(record, 'ids'), id) == 0 then
    keep(record, { 'id', id, 'repository', repository, 'event', event })
  end
  answer[#answer + 1] = record
end
keep_delivery(delivery_key, hash)
return answer
