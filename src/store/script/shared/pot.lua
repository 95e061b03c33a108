-- What is committed of a pot is what was reserved and, once it is settled, what was spent. A reservation that nobody
-- settles stays as it is: it counts as spent in full.
local function read_pot(key)
  local pot_until = tonumber(redis.call('HGET', key, 'until') or '')
  if not pot_until or pot_until <= now then return nil end
  return {
    pot_until = pot_until,
    committed = tonumber(redis.call('HGET', key, 'committed')),
    keep_ms = tonumber(redis.call('HGET', key, 'keep')),
  }
end
