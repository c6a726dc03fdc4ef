-- Runs a command if the lock is ours.
-- KEYS: lock. ARGV: token, the command with its arguments.
-- Returns what the command returns; the error NOTOURS if the lock is not ours.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('NOTOURS the lock is held no more')
end
return redis.pcall(unpack(ARGV, 2))
