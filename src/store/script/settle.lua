-- Records what was really spent, once. A pot that is forgotten is not begun again. ARGV: pot, id, amount.
local pot_key, reserved_field, settled_field = prefix .. ':pot:' .. ARGV[2], 'reserved|' .. ARGV[3], 'settled|' .. ARGV[3]
local amount = tonumber(ARGV[4])
local pot = read_pot(pot_key)
if not pot or redis.call('HEXISTS', pot_key, settled_field) == 1 then return 0 end
local reserved = tonumber(redis.call('HGET', pot_key, reserved_field) or '0')
local pot_until = whole(math.max(pot.pot_until, now + pot.keep_ms))
-- Nothing is written above this line.
redis.call('HSET', pot_key, reserved_field, exact(amount), settled_field, '1', 'until', pot_until, 'committed',
  exact(pot.committed + (amount - reserved)))
redis.call('PEXPIREAT', pot_key, pot_until)
return 1
