-- Gives a permit back, and a signal to one who waits.
-- KEYS: permits, marker, signal. ARGV: token, milliseconds that a signal lasts.
-- Returns 1 if it was ours, 2 if somebody has waited for it too, -1 if it is gone.
local score = redis.pcall('ZSCORE', KEYS[1], ARGV[1])
if type(score) == 'table' then return score end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ours = score and tonumber(score) > now
if score then redis.call('ZREM', KEYS[1], ARGV[1]) end
if redis.call('EXISTS', KEYS[2]) == 0 then return ours and 1 or -1 end
-- One for each that was given back, but not for ever.
redis.pcall('LPUSH', KEYS[3], 1)
redis.pcall('LTRIM', KEYS[3], 0, 63)
redis.pcall('PEXPIRE', KEYS[3], ARGV[2])
return ours and 2 or -1
