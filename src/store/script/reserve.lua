-- ARGV: pot, id, amount, cap, hold (ms), keep (ms). Returns { 'reserved' } | { 'over', committed }.
local pot_key, reserved_field = prefix .. ':pot:' .. ARGV[2], 'reserved|' .. ARGV[3]
local amount, cap, hold_ms, keep_ms = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local pot = read_pot(pot_key)
local committed = pot and pot.committed or 0
local is_known = pot and redis.call('HEXISTS', pot_key, reserved_field) == 1
if not is_known and committed + amount > cap + 1e-9 then return { 'over', exact(committed) } end
local pot_until = whole(math.max(pot and pot.pot_until or now, now + math.max(keep_ms, hold_ms)))
-- Nothing is written above this line.
if not pot then redis.call('DEL', pot_key) end
if not is_known then
  redis.call('HSET', pot_key, reserved_field, exact(amount), 'committed', exact(committed + amount))
end
redis.call('HSET', pot_key, 'keep', whole(keep_ms), 'until', pot_until)
redis.call('PEXPIREAT', pot_key, pot_until)
return { 'reserved' }
