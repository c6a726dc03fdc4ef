-- Lets go of the lock if it is ours: hands it to the first who waits and is alive, or deletes it and gives a signal. If
-- nobody has it, does the same for those who wait.
-- KEYS: lock, queue, alive, marker, signal.
-- ARGV: token, 1 to leave the queue too, milliseconds to claim a lock that was handed over, what the names of mailboxes
--   begin with.
-- Returns 1 if it was ours, 2 if somebody has waited for it too, 0 if somebody else has it, -1 if it is gone.
-- Redis 6.2 says where in the script an error came from, before it says which.
local function failed(error)
  return redis.error_reply((string.gsub(error.err, '^@user_script: ?%d+: %-?', '')))
end

local token = ARGV[1]
local holder = redis.pcall('GET', KEYS[1])
if type(holder) == 'table' then return holder end
if ARGV[2] == '1' and redis.call('ZREM', KEYS[3], token) == 1 then
  redis.call('LREM', KEYS[2], 1, token)
end
if holder and holder ~= token then return 0 end

local head = redis.call('LINDEX', KEYS[2], 0)
while head do
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local alive = (tonumber(redis.call('ZSCORE', KEYS[3], head)) or 0) > now
  -- When memory is full nothing can be handed over, but deleted it can be.
  if alive and redis.pcall('SET', KEYS[1], head, 'PX', ARGV[3]).err then break end
  redis.call('LPOP', KEYS[2])
  redis.call('ZREM', KEYS[3], head)
  if alive then
    redis.pcall('LPUSH', ARGV[4] .. head, 1)
    redis.pcall('PEXPIRE', ARGV[4] .. head, ARGV[3])
    return holder and 2 or -1
  end
  head = redis.call('LINDEX', KEYS[2], 0)
end

if holder then
  local deleted = redis.pcall('DEL', KEYS[1])
  if type(deleted) == 'table' then return failed(deleted) end
end
if redis.call('EXISTS', KEYS[4]) == 0 then return holder and 1 or -1 end
redis.call('DEL', KEYS[5])
redis.pcall('LPUSH', KEYS[5], 1)
redis.pcall('PEXPIRE', KEYS[5], ARGV[3])
return holder and 2 or -1
