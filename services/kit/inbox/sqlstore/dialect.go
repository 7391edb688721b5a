package sqlstore

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// dialect is what differs between the databases.
type dialect struct {
	name        string
	driver      string                // of database/sql
	url         string                // an example
	dsn         func(*url.URL) string // what the driver wants; "" for a URL that is incomplete
	connections int                   // of the pool, at most
	writers     int                   // transactions at once: fewer, so that queries never wait for one
	lock        string                // the statement that lets one migration run at a time
	forShare    string                // locks a row that was read
	skipLocked  string                // passes over rows that others have locked
	conflict    func(err error) bool  // whether running the transaction again may help
}

// dialects holds those that this binary links, by the scheme of their URLs.
var dialects = map[string]dialect{}

// parse returns the dialect of a URL, and what its driver wants to be told. Its errors don't
// show the password that a URL may hold.
func parse(rawURL string) (dialect, string, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return dialect{}, "", errors.New("the database URL is malformed")
	}
	if d, known := dialects[u.Scheme]; known {
		if dsn := d.dsn(u); dsn != "" {
			return d, dsn, nil
		}
	}
	var examples []string
	for _, scheme := range slices.Sorted(maps.Keys(dialects)) {
		examples = append(examples, dialects[scheme].url)
	}
	return dialect{}, "", fmt.Errorf("the database URL is %q: this binary opens %s", u.Redacted(), strings.Join(slices.Compact(examples), " and "))
}
