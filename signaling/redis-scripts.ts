/**
 * What Redis keeps of the swarms, and the scripts that read and change it in one go.
 *
 *   shoal:<room>:seeds, :leechers   hash: peer → "<node> <1 if it speaks the extensions, else 0>"
 *   shoal:<room>:downloaded         number of peers that completed
 *   shoal:<node>:peers              set of room and peer, 80 digits: what has to go when the process dies
 *   shoal:nodes                     sorted set: process → when it last said that it lives, by Redis's own clock
 *   shoal:<node>                    channel: parcels for the process
 *
 * Everything about rooms and processes also expires by itself, should all processes die at once.
 */

export const nodesKey = "shoal:nodes";

export function channelOf(node: string): string {
  return `shoal:${node}`;
}

export function peersKey(node: string): string {
  return `shoal:${node}:peers`;
}

/** In the order in which the scripts take them. */
export function roomKeys(room: string): string[] {
  return [`shoal:${room}:seeds`, `shoal:${room}:leechers`, `shoal:${room}:downloaded`];
}

/** KEYS: room. ARGV: peer, 1 if it is a seed, how many. Returns who has the id, counts and samples without it. */
export const lookScript = `
local peer, isSeed, count = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3])
local seed, leecher = redis.call('HGET', KEYS[1], peer), redis.call('HGET', KEYS[2], peer)
local seeds = {}
if not isSeed then seeds = redis.call('HRANDFIELD', KEYS[1], count + 1, 'WITHVALUES') end
return {
  seed or leecher or '',
  redis.call('HLEN', KEYS[1]) - (seed and 1 or 0),
  redis.call('HLEN', KEYS[2]) - (leecher and 1 or 0),
  seeds,
  redis.call('HRANDFIELD', KEYS[2], count + 1, 'WITHVALUES'),
}`;

/** KEYS: room. ARGV: peer. Returns its value and 1 if it is a seed. */
export const locateScript = `
local seed = redis.call('HGET', KEYS[1], ARGV[1])
return { seed or redis.call('HGET', KEYS[2], ARGV[1]) or '', seed and 1 or 0 }`;

/** KEYS: room. Returns counts of seeds, leechers and completions. */
export const countScript = `
return { redis.call('HLEN', KEYS[1]), redis.call('HLEN', KEYS[2]), tonumber(redis.call('GET', KEYS[3]) or '0') }`;

/** KEYS: room, peers of the process. ARGV: room, peer, value, 1 if a seed, 1 if it just became one, seconds to live. */
export const enterScript = `
local room, peer, value, isSeed, hasCompleted, ttl = unpack(ARGV)
redis.call('HDEL', KEYS[isSeed == '1' and 2 or 1], peer)
redis.call('HSET', KEYS[isSeed == '1' and 1 or 2], peer, value)
redis.call('SADD', KEYS[4], room .. peer)
if hasCompleted == '1' then redis.call('INCR', KEYS[3]) end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ttl) end`;

/** Takes \`peer\` out of the room if it is \`node\`'s still, and the room's rest with its last peer. */
const removeFunction = `
local function remove(seeds, leechers, downloaded, peer, node)
  local value = redis.call('HGET', seeds, peer) or redis.call('HGET', leechers, peer)
  if value and string.sub(value, 1, #node) == node then
    redis.call('HDEL', seeds, peer)
    redis.call('HDEL', leechers, peer)
  end
  if redis.call('EXISTS', seeds, leechers) == 0 then redis.call('DEL', downloaded) end
end`;

/** KEYS: room, peers of the process. ARGV: room, peer, process. */
export const leaveScript = `${removeFunction}
local room, peer, node = unpack(ARGV)
remove(KEYS[1], KEYS[2], KEYS[3], peer, node)
redis.call('SREM', KEYS[4], room .. peer)`;

const clockFunction = `
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end`;

/** KEYS: processes. ARGV: process, ms to live. Returns 1 if it was alive all the time, then who is dead. */
export const beatScript = `${clockFunction}
local node, ttl, now = ARGV[1], tonumber(ARGV[2]), clock()
local last = redis.call('ZSCORE', KEYS[1], node)
redis.call('ZADD', KEYS[1], now, node)
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ttl)
return { (last and now - tonumber(last) < ttl) and 1 or 0, dead }`;

/**
 * KEYS: processes, peers of the dead one. ARGV: the dead one, ms to live, how many at most. Returns how many are
 * left, 0 also when it turned out to live. A process buries itself with 0 ms to live.
 */
export const buryScript = `${clockFunction}${removeFunction}
local node, ttl, batch = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local last = redis.call('ZSCORE', KEYS[1], node)
if last and clock() - tonumber(last) < ttl then return 0 end
for _, entry in ipairs(redis.call('SPOP', KEYS[2], batch)) do
  local prefix = 'shoal:' .. string.sub(entry, 1, 40)
  remove(prefix .. ':seeds', prefix .. ':leechers', prefix .. ':downloaded', string.sub(entry, 41), node)
end
local left = redis.call('SCARD', KEYS[2])
if left == 0 then redis.call('ZREM', KEYS[1], node) end
return left`;
