package docs

import (
	"strings"
	"testing"
)

// TestWhere reads patterns as a person does.
func TestWhere(t *testing.T) {
	for pattern, want := range map[string]string{
		`{"data": {"sea": ["north", "south"]}}`:                                                                               `data.sea is "north" or "south"`,
		`{"metadata": {"producer": ["buoy"]}, "data": {"lamp": {"lit": [true]}}}`:                                             `metadata.producer is "buoy"; data.lamp.lit is true`,
		`{"data": {"force": [{"numeric": [">=", 8, "<", 12]}]}}`:                                                              `data.force >= 8 and < 12`,
		`{"data": {"reason": [{"anything-but": ["a", "b"]}], "sea": [{"anything-but": "c"}]}}`:                                `data.reason is not "a" or "b"; data.sea is not "c"`,
		`{"data": {"sea": ["x", {"prefix": "n"}, {"suffix": "th"}], "a": [{"exists": false}, {"exists": true}]}}`:             `data.sea is "x" or begins with "n" or ends with "th"; data.a is absent or is there`,
		`{"data": {"sea": [{"anything-but": {"prefix": "n"}}, {"wildcard": "n*"}, {"prefix": {"equals-ignore-case": "N"}}]}}`: `data.sea {"anything-but":{"prefix":"n"}} or {"wildcard":"n*"} or {"prefix":{"equals-ignore-case":"N"}}`,
		`{"data": {"$or": [{"sea": ["north"]}, {"force": [8]}]}}`:                                                             `data.$or [{"sea":["north"]},{"force":[8]}]`,
	} {
		if got := strings.Join(where([]byte(pattern)), "; "); got != want {
			t.Errorf("%s is %q, want %q", pattern, got, want)
		}
	}
	if got := where(nil); got != nil {
		t.Errorf("all of them are %q", got)
	}
}
