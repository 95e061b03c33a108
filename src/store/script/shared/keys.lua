-- Stands before every script. KEYS[1] is the prefix: all keys share its hash tag, so it also routes the call on a
-- cluster. ARGV[1] is the moment (epoch ms) where a test owns the clock and '' otherwise; a script's own arguments begin
-- at ARGV[2]. A script reads and checks first and writes only below its line: an error in the middle keeps what was
-- written before it, and keys of the wrong type are the way in which a write could fail.
local prefix = KEYS[1]
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local due_key, alias_key, subjects_key = prefix .. ':due', prefix .. ':alias', prefix .. ':subjects'
-- How long a delivery may come again, with some hours to spare.
local remember_ms = 74 * 3600000
-- Lines of the log of what is no subject.
local plain_log_kept = 500
-- How long what a removed record says last can still be read.
local farewell_ms = 3600000

local part_types = {
  record = 'hash', inbox = 'stream', ids = 'hash', handled = 'zset', log = 'stream', outbox = 'hash',
  trouble = 'hash', parked = 'set', aliases = 'set', lives = 'set', removed = 'string',
}

-- Lua writes large numbers with an exponent, which Redis does not read.
local function whole(number)
  return string.format('%.0f', number)
end

local function exact(number)
  return string.format('%.17g', number)
end

local function key_of(record, part)
  return prefix .. ':subject:' .. record .. ':' .. part
end

local function must_be(wanted, ...)
  for _, key in ipairs({ ... }) do
    local actual = redis.call('TYPE', key).ok
    if actual ~= 'none' and actual ~= wanted then error('WRONGTYPE ' .. key .. ' holds a ' .. actual, 0) end
  end
end

local function check_parts(record, ...)
  for _, part in ipairs({ ... }) do must_be(part_types[part], key_of(record, part)) end
end

-- It serves a whole repository and may begin with a message of ours: nothing on GitHub has to speak of it first.
local function is_service(record)
  return string.match(record, '^[^/]+/%d+/lane/') ~= nil or string.match(record, '^[^/]+/%d+/chores$') ~= nil
end

-- A thread, and neither a lane nor a commit of a merge queue, nor chores.
local function is_subject(record)
  return string.match(record, '^[^/]+/%d+/%d+$') ~= nil
end

local function repository_key(record)
  return prefix .. ':repository:' .. (string.match(record, '^[^/]+/%d+') or '')
end

-- Whoever speaks for this record now. Saves make no circles; the bound is for data that nobody can vouch for.
local function resolve(record)
  for _ = 1, 64 do
    local owner = redis.call('HGET', alias_key, record)
    if not owner then return record end
    record = owner
  end
  return record
end
