import RedisClient

/// The scripts behind ``RedisSharedCounters``, each carried out at one go.
///
/// Time is the server's own. A rate is a hash of seconds and amounts, which counts as `SlidingWindow` does; a gauge is a
/// hash of replicas and the slots they hold; a budget is the same with the money they hold, and `spent` beside them.
/// What a replica holds counts while the hash of replicas says that it lives. Every key expires.
enum CounterScripts {
    /// Keys: replicas, then the counters.
    ///
    /// Arguments: this replica, then eight for each counter.
    static let take = RedisScript(
        Self.common + """
            local function window(key)
                local all = redis.call('HGETALL', key)
                local sum, buckets = 0, {}
                for i = 1, #all, 2 do
                    local bucket, amount = tonumber(all[i]), tonumber(all[i + 1])
                    if second - bucket >= 61 or amount == 0 and bucket < second then
                        redis.call('HDEL', key, all[i])
                    else
                        sum = sum + amount
                        buckets[#buckets + 1] = {bucket, amount}
                    end
                end
                return sum, buckets
            end
            local function wait(buckets, missing)
                table.sort(buckets, function(a, b) return a[1] < b[1] end)
                for _, bucket in ipairs(buckets) do
                    missing = missing - bucket[2]
                    if missing <= 0 then return (bucket[1] + 61) * 1000 - now end
                end
                return 0
            end
            local plan = {}
            for i = 1, (#ARGV - 1) / 8 do
                local key, a = KEYS[i + 1], 1 + (i - 1) * 8
                local kind = ARGV[a + 1]
                local limit, need, want = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
                local used, said, retry, buckets, held = 0, 0, 0, nil, 0
                if kind == 'w' then
                    used, buckets = window(key)
                    said = used
                elseif kind == 'p' then
                    used = holdings(key)
                    said = used
                else
                    change(key, me, -tonumber(ARGV[a + 8]))
                    held, said = holdings(key)
                    if not said then
                        said = tonumber(ARGV[a + 5])
                        redis.call('HSET', key, 'spent', text(said))
                        expire(key, ARGV[a + 6])
                    end
                    used = held + said
                end
                local left = limit - used
                local amount = math.min(want, left)
                if kind == 'b' and said >= limit then amount = -1 end
                if amount < need and kind == 'b' and ARGV[a + 7] == '1' and held == 0 and left > 0 then
                    amount = left
                elseif amount < need then
                    if kind == 'w' then retry = wait(buckets, used + need - limit) end
                    return {0, i - 1, math.max(0, left), retry, said}
                end
                plan[i] = {key, kind, amount, left - amount, ARGV[a + 6]}
            end
            local answer = {1, now}
            for i, step in ipairs(plan) do
                local key, kind, amount = step[1], step[2], step[3]
                if kind == 'w' then
                    redis.call('HINCRBY', key, text(second), text(amount))
                    redis.call('EXPIRE', key, 62)
                else
                    change(key, me, amount)
                    expire(key, step[5])
                end
                answer[#answer + 1] = amount
                answer[#answer + 1] = math.max(0, step[4])
            end
            return answer
            """
    )

    /// Keys: replicas, numbers, then the counters.
    ///
    /// Arguments: this replica, the batch's number (0 for none), then six for each counter.
    static let give = RedisScript(
        Self.common + """
            local number = tonumber(ARGV[2])
            if number > 0 then
                if number <= tonumber(redis.call('HGET', KEYS[2], me) or '0') then return 0 end
                redis.call('HSET', KEYS[2], me, ARGV[2])
                redis.call('EXPIRE', KEYS[2], 86400)
            end
            for i = 1, (#ARGV - 2) / 6 do
                local key, a = KEYS[i + 2], 2 + (i - 1) * 6
                local kind, unused, spent = ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
                if kind == 'w' then
                    local bucket = tonumber(redis.call('HGET', key, ARGV[a + 4]) or '0')
                    if bucket > 0 and unused > 0 then
                        redis.call('HSET', key, ARGV[a + 4], text(math.max(0, bucket - unused)))
                    end
                    if spent > 0 then
                        redis.call('HINCRBY', key, text(second), text(spent))
                        redis.call('EXPIRE', key, 62)
                    end
                else
                    change(key, me, -unused)
                    if kind == 'b' then
                        if redis.call('HSETNX', key, 'spent', text(tonumber(ARGV[a + 6]) + spent)) == 0 then
                            redis.call('HINCRBY', key, 'spent', text(spent))
                        end
                        expire(key, ARGV[a + 5])
                    end
                end
            end
            return 1
            """
    )

    /// Keys: replicas, numbers, then the counters.
    ///
    /// Arguments: this replica, for how many milliseconds it counts as alive, then four for each counter.
    static let heartbeat = RedisScript(
        Self.common + """
            local known = tonumber(redis.call('HGET', KEYS[1], me) or '0') > now and 1 or 0
            redis.call('HSET', KEYS[1], me, text(now + tonumber(ARGV[2])))
            redis.call('EXPIRE', KEYS[1], 86400)
            local count, all = 0, redis.call('HGETALL', KEYS[1])
            for i = 1, #all, 2 do
                local ends = tonumber(all[i + 1])
                if ends > now then
                    count = count + 1
                elseif ends < now - 3600000 then
                    redis.call('HDEL', KEYS[1], all[i])
                    redis.call('HDEL', KEYS[2], all[i])
                end
            end
            for i = 1, (#ARGV - 2) / 4 do
                local key, a = KEYS[i + 2], 2 + (i - 1) * 4
                redis.call('HDEL', key, me)
                if ARGV[a + 1] == 'b' then redis.call('HSETNX', key, 'spent', ARGV[a + 4]) end
                change(key, me, tonumber(ARGV[a + 2]))
                expire(key, ARGV[a + 3])
            end
            return {count, known}
            """
    )

    private static let common = """
        local time = redis.call('TIME')
        local second = tonumber(time[1])
        local now = second * 1000 + math.floor(tonumber(time[2]) / 1000)
        local me = ARGV[1]
        local alive
        local function text(number) return string.format('%.0f', number) end
        local function lives(id)
            if id == me then return true end
            if not alive then
                alive = {}
                local all = redis.call('HGETALL', KEYS[1])
                for i = 1, #all, 2 do alive[all[i]] = tonumber(all[i + 1]) > now end
            end
            return alive[id]
        end
        local function holdings(key)
            local all = redis.call('HGETALL', key)
            local sum, spent = 0, nil
            for i = 1, #all, 2 do
                if all[i] == 'spent' then
                    spent = tonumber(all[i + 1])
                elseif lives(all[i]) then
                    sum = sum + tonumber(all[i + 1])
                else
                    redis.call('HDEL', key, all[i])
                end
            end
            return sum, spent
        end
        local function change(key, field, amount)
            if amount == 0 then return end
            local value = math.max(0, tonumber(redis.call('HGET', key, field) or '0') + amount)
            if value == 0 then redis.call('HDEL', key, field) else redis.call('HSET', key, field, text(value)) end
        end
        local function expire(key, at)
            if at == '0' then redis.call('EXPIRE', key, 3456000) else redis.call('PEXPIREAT', key, at) end
        end

        """
}
