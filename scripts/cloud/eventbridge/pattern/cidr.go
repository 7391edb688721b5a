package pattern

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
)

// block is a range of addresses, including both ends.
type block struct{ low, high []byte }

// contains compares byte by byte from the left, whatever the IP versions, as AWS's engine does. A longer address is
// in the block if its leading bytes are; a shorter one if it is strictly between the leading bytes of both ends.
func (b block) contains(address []byte) bool {
	if n := len(address); n < len(b.low) {
		return bytes.Compare(b.low[:n], address) < 0 && bytes.Compare(address, b.high[:n]) < 0
	}
	address = address[:len(b.low)]
	return bytes.Compare(b.low, address) <= 0 && bytes.Compare(address, b.high) <= 0
}

// containsText reports whether an address in text form is in the block.
func (b block) containsText(s []byte) bool {
	address, ok := parseAddress(s)
	return ok && b.contains(address.AsSlice())
}

func parseAddress(s []byte) (netip.Addr, bool) {
	if len(s) > 45 || !bytes.ContainsAny(s, ".:") { // most texts aren't addresses
		return netip.Addr{}, false
	}
	address, err := netip.ParseAddr(string(s))
	return address.Unmap(), err == nil && address.Zone() == ""
}

// compileCIDR compiles {"cidr": "10.0.0.0/24"}.
func compileCIDR(operand any) (matcher, error) {
	s, err := textOperand(operand, "prefix") // AWS's wording
	if err != nil {
		return matcher{}, err
	}
	b, err := parseCIDR(s)
	return onText("cidr", s, b.containsText), err
}

// compileText compiles a string in a field's list. An address also matches its other spellings.
func compileText(s string) matcher {
	address, ok := parseAddress([]byte(s))
	if !ok {
		return exactly(s)
	}
	b := block{address.AsSlice(), address.AsSlice()}
	m := onText("", s, func(other []byte) bool { return string(other) == s || b.containsText(other) })
	m.text = s
	return m
}

func parseCIDR(s string) (block, error) {
	host, mask, found := strings.Cut(s, "/")
	if !found || strings.Contains(mask, "/") {
		return block{}, errorf("Malformed CIDR, one '/' required")
	}
	bits, err := strconv.Atoi(mask)
	if err != nil {
		return block{}, errorf("Malformed CIDR, mask bits must be an integer")
	}
	if bits < 0 {
		return block{}, errorf("Malformed CIDR, mask bits must not be negative")
	}
	address, ok := parseAddress([]byte(host))
	if !ok {
		return block{}, badAddress(host)
	}
	if length := address.BitLen(); bits >= length {
		return block{}, errorf("IPv%d mask bits must be < %d", map[int]int{32: 4, 128: 6}[length], length)
	}
	return newBlock(address, bits), nil
}

func newBlock(address netip.Addr, bits int) block {
	b := block{address.AsSlice(), address.AsSlice()}
	for bit := bits; bit < address.BitLen(); bit++ {
		mask := byte(0x80) >> (bit % 8)
		b.low[bit/8] &^= mask
		b.high[bit/8] |= mask
	}
	return b
}

// badAddress returns AWS's error for a host: invalid if it looks like an IPv4 address, otherwise nonstandard.
func badAddress(host string) error {
	if host != "" && strings.Trim(host, "0123456789.") == "" {
		return errorf("Invalid IP address: %s", host)
	}
	return errorf("Nonstandard IP address: %s", host)
}
