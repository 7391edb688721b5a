package dynamodb

import (
	"encoding/binary"
	"strconv"
	"time"
)

// oldest is how long ago an item may have expired. AWS takes what is older for a mistake and keeps it.
const oldest = 5 * 365 * 24 * time.Hour

// moment is the place of a row among those that expire: by time, then by key. It is empty for a row
// that never does. AWS takes only numbers, in seconds since 1970.
func (t *table) moment(key string, r *row) string {
	if r == nil || t.ttl == "" {
		return ""
	}
	n, ok := r.item[t.ttl].(Number)
	seconds, err := strconv.ParseFloat(n.String(), 64)
	if !ok || err != nil || seconds < 0 || seconds >= 1<<62 {
		return ""
	}
	return ordinal(time.Unix(int64(seconds), 0)) + key
}

// ordinal is a time in whole seconds as a string that sorts as times do.
func ordinal(at time.Time) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(max(at.Unix(), 0))))
}

// swept returns the table without the items that have expired: itself where there are none. AWS
// removes them within days; here no reader ever sees one.
func (t *table) swept(now time.Time) *table {
	swept := t
	for _, r := range t.expiry.between(ordinal(now.Add(-oldest)), ordinal(now.Add(time.Second)), true) {
		if swept == t {
			swept = t.clone()
		}
		swept.remove(r.item)
	}
	return swept
}
