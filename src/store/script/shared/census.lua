-- Who is counted under a name is a set of records, made true by every save of each: a number could drift.
local function census_key(name)
  return prefix .. ':census:' .. name
end

-- The names under which a record is counted now.
local function read_census(record)
  local names = redis.call('HGET', key_of(record, 'record'), 'census')
  return names and cjson.decode(names) or {}
end

local function check_census(names)
  for _, name in ipairs(names) do must_be('set', census_key(name)) end
end

local function leave_census(record, names)
  for _, name in ipairs(names) do redis.call('SREM', census_key(name), record) end
end
