-- Takes one of the permits if one is free, or if it is ours already.
-- KEYS: permits (each with the server's time at which it ends), marker.
-- ARGV: token, milliseconds, how many permits there are, milliseconds that a waiter counts as alive.
-- Returns {1, 0, '', 0} if it is ours now, else {0, milliseconds until the next one ends, its holder, 1}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local purged = redis.pcall('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if type(purged) == 'table' then return purged end
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  redis.pcall('SET', KEYS[2], 1, 'PX', ARGV[4])
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return {0, first[2] - now, first[1], 1}
end
local added = redis.pcall('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if type(added) == 'table' then return added end
redis.call('PEXPIREAT', KEYS[1], redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
return {1, 0, '', 0}
