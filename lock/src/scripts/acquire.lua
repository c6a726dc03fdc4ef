-- Takes the lock if it is free and nobody who waits was here before, or if it is ours already: then the reply to an
-- earlier try was lost, or the holder before us has handed it over.
-- KEYS: lock, fence, queue, alive, marker.
-- ARGV: token, milliseconds (0: for ever), 1 for a fence, style (try, queue, signal), milliseconds that a waiter counts
--   as alive (half of that to claim a lock that was handed over), what the names of mailboxes begin with.
-- Returns {1, fence, '', 0} if it is ours now, else {0, milliseconds left, holder, 1 if nobody waits before us}.
-- Redis 6.2 says where in the script an error came from, before it says which.
local function failed(error)
  return redis.error_reply((string.gsub(error.err, '^@user_script: ?%d+: %-?', '')))
end

local token, style = ARGV[1], ARGV[4]
local holder = redis.pcall('GET', KEYS[1])
if type(holder) == 'table' then return holder end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local head
if not holder then
  head = redis.call('LINDEX', KEYS[3], 0)
  while head and head ~= token do
    if (tonumber(redis.call('ZSCORE', KEYS[4], head)) or 0) > now() then
      -- The holder before has not handed it over: his time was over, or he knows of no queue.
      local given = redis.pcall('SET', KEYS[1], head, 'PX', ARGV[5] / 2)
      if given.err then return failed(given) end
      redis.call('LPOP', KEYS[3])
      redis.call('ZREM', KEYS[4], head)
      redis.pcall('LPUSH', ARGV[6] .. head, 1)
      redis.pcall('PEXPIRE', ARGV[6] .. head, ARGV[5] / 2)
      holder = head
      break
    end
    redis.call('LPOP', KEYS[3])
    redis.call('ZREM', KEYS[4], head)
    head = redis.call('LINDEX', KEYS[3], 0)
  end
end

if holder and holder ~= token then
  local first = 1
  if style == 'queue' then
    if not redis.call('ZSCORE', KEYS[4], token) then
      local queued = redis.pcall('RPUSH', KEYS[3], token)
      if type(queued) == 'table' then return failed(queued) end
    end
    -- Also who has lost his place because he seemed dead is in line again.
    local alive = redis.pcall('ZADD', KEYS[4], now() + ARGV[5], token)
    if type(alive) == 'table' then return failed(alive) end
    redis.call('PEXPIRE', KEYS[3], 2 * ARGV[5])
    redis.call('PEXPIRE', KEYS[4], 2 * ARGV[5])
    if redis.call('LINDEX', KEYS[3], 0) ~= token then first = 0 end
  elseif style == 'signal' then
    redis.pcall('SET', KEYS[5], 1, 'PX', ARGV[5])
  end
  return {0, redis.call('PTTL', KEYS[1]), holder, first}
end

local fence = 0
if ARGV[3] == '1' then
  local last = redis.pcall('GET', KEYS[2])
  if type(last) == 'table' then return last end
  local time = redis.call('TIME')
  fence = math.max((tonumber(last or '0') or 0) + 1, time[1] * 1000000 + time[2])
  local counted = redis.pcall('SET', KEYS[2], string.format('%.0f', fence))
  if counted.err then return failed(counted) end
end
-- An error up to here leaves the lock as it was.
local done
if ARGV[2] == '0' then
  done = redis.pcall('SET', KEYS[1], token)
else
  done = redis.pcall('SET', KEYS[1], token, 'PX', ARGV[2])
end
if done.err then return failed(done) end
if (head or holder) and redis.call('ZREM', KEYS[4], token) == 1 then
  redis.call('LREM', KEYS[3], 1, token)
end
return {1, fence, '', 0}
