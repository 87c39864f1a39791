/**
 * Puts one pointer into a user's hash, in place of that of its room, for Redis to run as one step. Over the bound the
 * entry that was put longest ago goes.
 *
 * KEYS[1] the hash; ARGV room id, `<from> <to> <put at, Unix milliseconds>`, seconds until the hash expires, most entries.
 */
export const offlinePointerScript = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
if redis.call('HLEN', KEYS[1]) <= tonumber(ARGV[4]) then return end
local entries = redis.call('HGETALL', KEYS[1])
local oldest, oldestAt = nil, math.huge
for index = 1, #entries, 2 do
  local at = tonumber(string.match(entries[index + 1], '(%d+)$'))
  if at < oldestAt then oldest, oldestAt = entries[index], at end
end
redis.call('HDEL', KEYS[1], oldest)
`;
