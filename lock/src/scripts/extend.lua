-- Sets the time that is left, to a value worked out once by the holder. PEXPIRE works also when memory is full.
-- KEYS: lock. ARGV: token, milliseconds, 1 to shorten too.
-- Returns 1 if it is ours, 0 if somebody else has it, -1 if it is gone.
local holder = redis.pcall('GET', KEYS[1])
if type(holder) == 'table' then return holder end
if not holder then return -1 end
if holder ~= ARGV[1] then return 0 end
if ARGV[3] == '1' or redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
