-- ARGV: names of pots. Returns for each { committed, open }.
local found = {}
for i = 2, #ARGV do
  local pot = read_pot(ARGV[i])
  found[#found + 1] = { whole(pot and pot.committed or 0), whole(pot and pot.open or 0) }
end
return found
