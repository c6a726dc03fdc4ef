-- Sets the time that is left, to a value worked out once by the holder. PEXPIRE works also when memory is full.
-- KEYS: lock. ARGV: token, milliseconds, how: "shorten" too, "lengthen" if it is less, or "write" anyway what is more.
-- Returns 1 if it is ours, 0 if somebody else has it, -1 if it is gone.
-- Redis 6.2 says where in the script an error came from, before it says which.
local function failed(error)
  return redis.error_reply((string.gsub(error.err, '^@user_script: ?%d+: %-?', '')))
end

local holder = redis.pcall('GET', KEYS[1])
if type(holder) == 'table' then return holder end
if not holder then return -1 end
if holder ~= ARGV[1] then return 0 end
local left, target = redis.call('PTTL', KEYS[1]), tonumber(ARGV[2])
if ARGV[3] == 'shorten' or ARGV[3] == 'write' or left < target then
  if ARGV[3] == 'write' then target = math.max(left, target) end
  local done = redis.pcall('PEXPIRE', KEYS[1], target)
  if type(done) == 'table' then return failed(done) end
end
return 1
