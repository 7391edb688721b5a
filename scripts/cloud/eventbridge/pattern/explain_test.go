package pattern

import (
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	event := `{"source":"orders","detail":{"data":{"reason":"payment_declined","n":3,"tags":["a","b"],
		"lines":[{"sku":"S1","n":1},{"sku":"S2","n":2}],"long":"` + strings.Repeat("x", 200) + `"}}}`
	for pattern, want := range map[string]string{
		`{"source":["orders"]}`: "",
		`{"source":["orders"],"detail":{"data":{"reason":[{"anything-but":"payment_declined"}]}}}`: "detail.data.reason was payment_declined, wanted anything-but payment_declined",
		`{"detail":{"data":{"n":[{"numeric":[">",3]},7]}}}`:                                        "detail.data.n was 3, wanted numeric > 3 or 7",
		`{"detail":{"data":{"tags":[{"prefix":"c"}]}}}`:                                            "detail.data.tags was a, b, wanted prefix c",
		`{"detail":{"data":{"region":["eu","us"]}}}`:                                               "detail.data.region was absent, wanted eu or us",
		`{"detail":{"data":{"n":[{"exists":false}]}}}`:                                             "detail.data.n was 3, wanted exists false",
		`{"detail":{"data":{"lines":{"sku":["S1"],"n":[2]}}}}`:                                     "no one element of an array matches detail.data.lines.sku and detail.data.lines.n",
		`{"$or":[{"a":["x"],"b":["x"]},{"source":["orders"],"c":[""]}]}`:                           `c was absent, wanted ""`,
		`{"detail":{"data":{"long":["y"]}}}`:                                                       "detail.data.long was " + strings.Repeat("x", 100) + "…, wanted y",
	} {
		p, err := Compile([]byte(pattern))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Explain([]byte(event)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", pattern, got, want)
		}
	}
}
