-- Sets the time that is left of a permit.
-- KEYS: permits. ARGV: token, milliseconds, how: "shorten" too, "lengthen" if it is less, or "write" anyway what is more.
-- Returns 1 if it is ours, -1 if it is gone.
local score = redis.pcall('ZSCORE', KEYS[1], ARGV[1])
if type(score) == 'table' then return score end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not score or tonumber(score) <= now then return -1 end
local target = now + ARGV[2]
if ARGV[3] ~= 'shorten' then target = math.max(target, score) end
local added = redis.pcall('ZADD', KEYS[1], target, ARGV[1])
if type(added) == 'table' then return added end
redis.call('PEXPIREAT', KEYS[1], redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
return 1
