-- Takes the lock if it is free, or ours already: then the reply to an earlier try was lost.
-- KEYS: lock, fence. ARGV: token, milliseconds (0: for ever), 1 for a fence.
-- Returns {1, fence, ''} if it is ours now, else {0, milliseconds left, holder}.
local holder = redis.pcall('GET', KEYS[1])
if type(holder) == 'table' then return holder end
if holder and holder ~= ARGV[1] then
  return {0, redis.call('PTTL', KEYS[1]), holder}
end
local fence = 0
if ARGV[3] == '1' then
  local last = redis.pcall('GET', KEYS[2])
  if type(last) == 'table' then return last end
  local time = redis.call('TIME')
  fence = math.max((tonumber(last or '0') or 0) + 1, time[1] * 1000000 + time[2])
  local counted = redis.pcall('SET', KEYS[2], string.format('%.0f', fence))
  if counted.err then return counted end
end
-- The last step: an error leaves the lock as it was.
local done
if ARGV[2] == '0' then
  done = redis.pcall('SET', KEYS[1], ARGV[1])
else
  done = redis.pcall('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
if done.err then return done end
return {1, fence, ''}
