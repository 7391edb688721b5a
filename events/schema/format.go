package schema

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// formats are the formats that are asserted, by what reports whether a text has them.
var formats = map[string]func(string) bool{
	"date":          date,
	"date-time":     dateTime,
	"duration":      duration,
	"email":         email,
	"hostname":      hostname,
	"ipv4":          ipv4,
	"ipv6":          ipv6,
	"time":          clock,
	"uri":           func(s string) bool { parsed, err := url.Parse(s); return err == nil && parsed.IsAbs() },
	"uri-reference": func(s string) bool { _, err := url.Parse(s); return err == nil && !strings.Contains(s, `\`) },
	"uuid":          Matches(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`),
}

// Matches returns what reports whether a text matches a regular expression. It compiles the expression when it is first
// asked: most services need none, and start sooner.
func Matches(expression string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
	return func(s string) bool { return compiled().MatchString(s) }
}

func date(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// dateTime reports whether a text is a date-time of RFC 3339, section 5.6.
func dateTime(s string) bool {
	return len(s) > 10 && (s[10] == 'T' || s[10] == 't') && date(s[:10]) && clock(s[11:])
}

var clocks = Matches(`^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]+)?([zZ]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`)

// clock reports whether a text is a full-time of RFC 3339. A leap second is the last of a day in UTC.
func clock(s string) bool {
	if !clocks(s) {
		return false
	}
	if s[6] != '6' {
		return true
	}
	offset := "+00:00"
	if last := s[len(s)-1]; last != 'z' && last != 'Z' {
		offset = s[len(s)-6:]
	}
	utc, err := time.Parse("15:04-07:00", s[:5]+offset)
	return err == nil && utc.UTC().Format("15:04") == "23:59"
}

var durations = Matches(`^P([0-9]+W|([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?)$`)

// duration reports whether a text is a duration of RFC 3339, appendix A; units may be left out in between.
func duration(s string) bool { return durations(s) && s != "P" && !strings.HasSuffix(s, "T") }

var labels = Matches(`^[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?([.][0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?)*$`)

// hostname reports whether a text is the name of a host (RFC 1123), with or without a dot at its end.
func hostname(s string) bool {
	s = strings.TrimSuffix(s, ".")
	return len(s) <= 253 && labels(s)
}

func ipv4(s string) bool {
	address, err := netip.ParseAddr(s)
	return err == nil && address.Is4()
}

func ipv6(s string) bool {
	address, err := netip.ParseAddr(s)
	return err == nil && address.Is6() && address.Zone() == ""
}

var (
	atoms  = Matches("^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+([.][0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*$")
	quoted = Matches(`^"[^"\\]*"$`)
)

// email reports whether a text is a mailbox of RFC 5321, section 4.1.2: a local part of 64 bytes at most, and a host or an
// address in brackets; 254 bytes in all.
func email(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if !atoms(local) && !quoted(local) {
		return false
	}
	literal, bracketed := strings.CutPrefix(domain, "[")
	if !bracketed {
		return hostname(domain)
	}
	literal, closed := strings.CutSuffix(literal, "]")
	if six, tagged := strings.CutPrefix(literal, "IPv6:"); tagged {
		return closed && ipv6(six)
	}
	return closed && ipv4(literal)
}
