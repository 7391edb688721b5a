package dynamodb

import (
	"encoding/binary"
	"strconv"
	"time"
)

// oldest is how long ago an item may have expired. AWS assumes that anything older is a mistake and keeps it.
const oldest = 5 * 365 * 24 * time.Hour

// expiryKey returns the key of an item in the expiry queue: its expiry time, then its key. It returns "" for an item
// that never expires. As on AWS, only a number of seconds since 1970 counts.
func (t *table) expiryKey(key string, item Item) string {
	if t.ttl == "" {
		return ""
	}
	n, ok := item[t.ttl].(Number)
	seconds, err := strconv.ParseFloat(n.String(), 64)
	if !ok || err != nil || seconds < 0 || seconds >= 1<<62 {
		return ""
	}
	return ordinal(time.Unix(int64(seconds), 0)) + key
}

// ordinal encodes a time, in whole seconds, as a string that sorts as times do.
func ordinal(at time.Time) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(max(at.Unix(), 0))))
}

// withoutExpired returns the table without its expired items, or the table itself if there are none. AWS removes them
// within days; here a reader never sees one.
func (t *table) withoutExpired(now time.Time) *table {
	swept := t
	for _, r := range t.expiry.between(ordinal(now.Add(-oldest)), ordinal(now.Add(time.Second)), true) {
		if swept == t {
			swept = t.clone()
		}
		swept.remove(r.item())
	}
	return swept
}
