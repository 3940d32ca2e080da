-- Counts calls by all of the limits, or by none where one has no room.
-- KEYS: one count for each limit. ARGV: the number of calls, then for each limit how many pass in how many milliseconds.
-- Gives for each limit: how many were counted before, and after how many milliseconds it begins anew.
local calls = tonumber(ARGV[1])
local found, room = {}, true
for place, key in ipairs(KEYS) do
    local most, window = tonumber(ARGV[2 * place]), tonumber(ARGV[2 * place + 1])
    local left = redis.call('PTTL', key)
    local used = 0
    -- What is not there, or would never end, begins anew.
    if left > 0 then
        used = tonumber(redis.call('GET', key)) or most
    else
        left = window
    end
    room = room and used + calls <= most
    found[place] = { used, left }
end
if room then
    local counted = {}
    for place, key in ipairs(KEYS) do
        -- One count for two limits that are the same is changed once.
        if not counted[key] then
            redis.call('SET', key, found[place][1] + calls, 'PX', found[place][2])
            counted[key] = true
        end
    end
end
return { room and 1 or 0, found }
