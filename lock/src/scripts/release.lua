-- Lets go of the lock if it is ours.
-- KEYS: lock. ARGV: token.
-- Returns 1 if it was ours, 0 if somebody else has it, -1 if it is gone.
local holder = redis.pcall('GET', KEYS[1])
if type(holder) == 'table' then return holder end
if not holder then return -1 end
if holder ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1
