-- Keeps what a delivery said: once per delivery, and once per event whoever delivers it.
-- ARGV: delivery, hash of its body, subject, repository (JSON), 1 when it matters to a known subject only, then pairs of
-- event id and event (JSON). Returns { 'kept' | 'duplicate' | 'mismatch' | 'unknown_subject', subject that holds it }.
local delivery_key, hash, repository = prefix .. ':delivery:' .. ARGV[2], ARGV[3], ARGV[5]
local subject = resolve(ARGV[4])
local known = find_delivery(delivery_key, hash)
if known then return { known, subject } end
if ARGV[6] == '1' and not is_known(subject) then return { 'unknown_subject', subject } end
check_inbox(subject)
local fresh, seen = {}, {}
for i = 7, #ARGV, 2 do
  local id = ARGV[i]
  if not seen[id] and redis.call('HEXISTS', key_of(subject, 'ids'), id) == 0 then
    fresh[#fresh + 1] = { 'id', id, 'repository', repository, 'event', ARGV[i + 1] }
  end
  seen[id] = true
end
-- Nothing is written above this line.
for _, fields in ipairs(fresh) do keep(subject, fields) end
keep_delivery(delivery_key, hash)
return { #fresh > 0 and 'kept' or 'duplicate', subject }
