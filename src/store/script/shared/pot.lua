-- A pot is something shared that is spent, such as the money of one repository for one day or month, in whole numbers. What is committed of it is
-- what was reserved and, once that is settled, what was spent; `open` is how much of that is not settled. A reservation
-- that nobody settles stays as it is: it counts as spent in full. A pot that is forgotten is not begun again by settling.
-- It is kept for three days after its last use, and for as long as whoever took from it has asked for.
local pot_keep_ms = 3 * 86400000

local function pot_key_of(name)
  return prefix .. ':pot:' .. name
end

-- Nil when there is none, or none any more.
local function read_pot(name)
  local pot_until = tonumber(redis.call('HGET', pot_key_of(name), 'until') or '')
  if not pot_until or pot_until <= now then return nil end
  return {
    committed = tonumber(redis.call('HGET', pot_key_of(name), 'committed')),
    open = tonumber(redis.call('HGET', pot_key_of(name), 'open')),
    keep_until = pot_until,
  }
end

-- What the pots would hold: { name -> pot }, or nil and the first one that has not enough left, as it is now. What is
-- settled comes first, so that it can be given out by the same decision.
local function plan_pots(settlements, reservations)
  local pots = {}
  local function pot_of(name)
    if not pots[name] then
      must_be('hash', pot_key_of(name))
      local found = read_pot(name)
      local committed, open = found and found.committed or 0, found and found.open or 0
      pots[name] = {
        is_new = not found, was = { committed, open }, committed = committed, open = open, fields = {},
        keep_until = math.max(found and found.keep_until or 0, now + pot_keep_ms),
      }
    end
    return pots[name]
  end
  local function field_of(name, field)
    local pot = pot_of(name)
    if pot.is_new then return pot.fields[field] end
    return pot.fields[field] or redis.call('HGET', pot_key_of(name), field)
  end
  for _, settled in ipairs(settlements) do
    local pot = pot_of(settled.pot)
    local reserved = tonumber(field_of(settled.pot, 'reserved|' .. settled.id) or '')
    if reserved and not field_of(settled.pot, 'settled|' .. settled.id) then
      pot.committed, pot.open = pot.committed + (settled.amount - reserved), pot.open - reserved
      pot.fields['settled|' .. settled.id] = whole(settled.amount)
    end
  end
  for _, asked in ipairs(reservations) do
    local pot = pot_of(asked.pot)
    if not field_of(asked.pot, 'reserved|' .. asked.id) then
      if pot.committed + asked.amount > asked.cap then
        return nil, { asked.pot, whole(pot.was[1]), whole(pot.was[2]) }
      end
      pot.committed, pot.open = pot.committed + asked.amount, pot.open + asked.amount
      pot.fields['reserved|' .. asked.id] = whole(asked.amount)
      pot.keep_until = math.max(pot.keep_until, now + (asked.keepMs or 0))
    end
  end
  return pots
end

local function fill_pots(pots)
  for name, pot in pairs(pots) do
    if next(pot.fields) then
      local key, pot_until = pot_key_of(name), whole(pot.keep_until)
      if pot.is_new then redis.call('DEL', key) end
      for field, amount in pairs(pot.fields) do redis.call('HSET', key, field, amount) end
      redis.call('HSET', key, 'committed', whole(pot.committed), 'open', whole(pot.open), 'until', pot_until)
      redis.call('PEXPIREAT', key, pot_until)
    end
  end
end
